/**
 * Steps 3 and 4: sign, wait for the person at the prompt, take the result home.
 * @module
 */
import type { BridgeCertificate } from '@trien/sdk/bridge'
import { byId, make, picture } from './dom.ts'
import { formatInstant, formatPercent, formatSize } from './format.ts'
import { FORMATS } from './formats.ts'
import { sayResult } from './say-result.ts'
import { type Outcome, pickedBatch, type State } from './state.ts'
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
  const busy = ['hash', 'prompt', 'signing'].includes(waiting.for)
  const batch = pickedBatch(state)
  byId('sign-ready').hidden = busy
  byId('sign-busy').hidden = !busy
  byId('sign-sentence').textContent = say(language, 'sign.sentence')
  byId('sign-sentence').hidden = state.trouble?.step === 'sign'
  drawTrouble(byId('sign-trouble'), 'sign', state, {
    retry: actions.sign,
    changeDocument: actions.changeDocument,
    care: (deed) => chosen && actions.care(deed, chosen),
  })
  byId('sign-words').textContent = batch
    ? say(language, 'sign.now.several', { count: String(batch.files.length) })
    : say(language, 'sign.now')
  // The panel's own button signs again; two buttons for one thing confuse.
  byId('sign').hidden = state.trouble?.step === 'sign'
  byId<HTMLButtonElement>('sign').disabled = waiting.for !== 'nothing'
  if (busy) drawBusy(state)
  byId('result-sentence').textContent = sayResult(state)
  const isWhole = batch?.files.every(({ step }) => step === 'done') ?? true
  byId('result-sentence').toggleAttribute('data-part', !isWhole)
  drawOutcome(state)
}

function drawBusy(state: State): void {
  const { waiting, language } = state
  const progress = byId<HTMLProgressElement>('sign-progress')
  progress.hidden = !('share' in waiting)
  if ('share' in waiting) {
    progress.value = waiting.share
    const key = waiting.for === 'hash' ? 'sign.hashing' : 'sign.signing'
    const percent = formatPercent(waiting.share, language)
    byId('sign-wait').replaceChildren(make('p', {}, say(language, key, { percent })))
  } else if (waiting.for === 'prompt') {
    byId('sign-wait').replaceChildren(picture('prompt'), promptWords(state, waiting.page))
  }
}

function promptWords(state: State, page: string | undefined): HTMLElement {
  const { language } = state
  const note = pickedBatch(state) ? 'sign.prompt.several' : 'sign.prompt.note'
  return make(
    'div',
    {},
    make('h3', {}, say(language, page ? 'sign.page.title' : 'sign.prompt')),
    make('p', {}, say(language, page ? 'sign.page.note' : note)),
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
  for (const id of ['result-files', 'result-facts']) byId(id).hidden = outcome === undefined
  byId('result-files').replaceChildren(...(outcome ? downloads(outcome, language) : []))
  byId('result-facts').replaceChildren(...(outcome ? facts(outcome, language) : []))
}

function facts(outcome: Outcome, language: State['language']): Node[] {
  const rows: [TextKey, string][] = [
    ['result.signer', [outcome.holder, outcome.organization].filter(Boolean).join(' – ')],
    ['result.time', formatInstant(outcome.signedAt, language)],
    ['result.algorithm', outcome.algorithm],
    ['result.format', FORMATS[outcome.format].title],
    ['result.added', formatSize(outcome.addedBytes, language)],
  ]
  return rows.map(([key, value]) =>
    make('div', {}, make('dt', {}, say(language, key)), make('dd', {}, value)),
  )
}

function downloads({ file, format, documentName }: Outcome, language: State['language']): Node[] {
  const { isInside } = FORMATS[format]
  const ending = file.name.slice(file.name.lastIndexOf('.') + 1).toUpperCase()
  const words = say(language, isInside ? 'result.inside' : 'result.p7s', { ending })
  const link = make(
    'a',
    { class: 'primary', id: 'download', href: file.url, download: file.name },
    words,
  )
  const name = make('span', { class: 'small' }, `${file.name} · ${formatSize(file.size, language)}`)
  const note = isInside
    ? undefined
    : make('p', {}, say(language, 'result.p7s.note', { name: documentName }))
  return [link, name, ...(note ? [note] : [])]
}
