/**
 * Steps 3 and 4: sign, wait for the person at the prompt, take the result home.
 * @module
 */
import type { BridgeCertificate } from '@trien/sdk/bridge'
import { byId, make, picture } from './dom.ts'
import { formatInstant, formatPercent, formatSize } from './format.ts'
import type { Outcome, State } from './state.ts'
import { say, type TextKey } from './text.ts'
import { drawTrouble } from './view-trouble.ts'

/** What the person can do in these steps. */
export interface SignActions {
  sign(): void
  cancel(): void
  again(): void
  changeDocument(): void
  /** Cares for the PIN of a certificate's token. */
  care(deed: 'change-pin' | 'unblock', card: BridgeCertificate): void
}

/** Listens to the controls of both steps. */
export function wireSign(actions: Omit<SignActions, 'care'>): void {
  byId('sign').addEventListener('click', () => actions.sign())
  byId('sign-cancel').addEventListener('click', () => actions.cancel())
  byId('again').addEventListener('click', () => actions.again())
}

/** Draws both steps. */
export function drawSign(state: State, actions: SignActions): void {
  const { waiting, language, chosen } = state
  const busy = waiting.for === 'hash' || waiting.for === 'prompt'
  byId('sign-ready').hidden = busy
  byId('sign-busy').hidden = !busy
  byId('sign-sentence').textContent = say(language, 'sign.sentence')
  byId('sign-sentence').hidden = state.trouble?.step === 'sign'
  drawTrouble(byId('sign-trouble'), 'sign', state, {
    retry: actions.sign,
    changeDocument: actions.changeDocument,
    care: (deed) => chosen && actions.care(deed, chosen),
  })
  // The panel's own button signs again; two buttons for one thing confuse.
  byId('sign').hidden = state.trouble?.step === 'sign'
  byId<HTMLButtonElement>('sign').disabled = waiting.for !== 'nothing'
  if (busy) drawBusy(state)
  drawOutcome(state)
}

function drawBusy({ waiting, language }: State): void {
  const progress = byId<HTMLProgressElement>('sign-progress')
  progress.hidden = waiting.for !== 'hash'
  if (waiting.for === 'hash') {
    progress.value = waiting.share
    byId('sign-wait').replaceChildren(
      make(
        'p',
        {},
        say(language, 'sign.hashing', { percent: formatPercent(waiting.share, language) }),
      ),
    )
  } else if (waiting.for === 'prompt') {
    byId('sign-wait').replaceChildren(picture('prompt'), promptWords(waiting.page, language))
  }
}

function promptWords(page: string | undefined, language: State['language']): HTMLElement {
  return make(
    'div',
    {},
    make('h3', {}, say(language, page ? 'sign.page.title' : 'sign.prompt')),
    make('p', {}, say(language, page ? 'sign.page.note' : 'sign.prompt.note')),
    page ? promptLink(page, language) : undefined,
  )
}

/** Makes the link to the page where the bridge asks, on a machine that has no other way. */
export function promptLink(page: string, language: State['language']): HTMLElement {
  const attributes = { class: 'primary', id: 'prompt-page', href: page, target: '_blank' }
  return make('a', { ...attributes, rel: 'noreferrer' }, say(language, 'sign.page'))
}

/** Made anew only when outcome or language change, so that focus stays on its links. */
let drawn: Pick<State, 'outcome' | 'language'> | undefined

function drawOutcome({ outcome, language }: State): void {
  if (drawn?.outcome === outcome && drawn?.language === language) return
  drawn = { outcome, language }
  byId('result-sentence').textContent = say(language, 'result.sentence')
  byId('result-files').replaceChildren(...(outcome ? downloads(outcome, language) : []))
  byId('result-facts').replaceChildren(...(outcome ? facts(outcome, language) : []))
}

function facts(outcome: Outcome, language: State['language']): Node[] {
  const rows: [TextKey, string][] = [
    ['result.signer', [outcome.holder, outcome.organization].filter(Boolean).join(' – ')],
    ['result.time', formatInstant(outcome.signedAt, language)],
    ['result.algorithm', outcome.algorithm],
    ['result.format', outcome.kind === 'pdf' ? 'PAdES B-B (PDF)' : 'CAdES B-B (CMS)'],
    ['result.added', formatSize(outcome.addedBytes, language)],
  ]
  return rows.map(([key, value]) =>
    make('div', {}, make('dt', {}, say(language, key)), make('dd', {}, value)),
  )
}

function downloads({ file, kind, documentName }: Outcome, language: State['language']): Node[] {
  const words = say(language, kind === 'pdf' ? 'result.pdf' : 'result.p7s')
  const link = make(
    'a',
    { class: 'primary', id: 'download', href: file.url, download: file.name },
    words,
  )
  const name = make('span', { class: 'small' }, `${file.name} · ${formatSize(file.size, language)}`)
  const note =
    kind === 'pdf'
      ? undefined
      : make('p', {}, say(language, 'result.p7s.note', { name: documentName }))
  return [link, name, ...(note ? [note] : [])]
}
