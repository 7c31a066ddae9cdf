/**
 * Step 2: the certificates of the tokens at hand, as cards.
 * @module
 */
import type { BridgeCertificate } from '@trien/sdk/bridge'
import { ERROR_TEXTS } from '@trien/sdk/error-texts'
import { byId, drawing, make, picture } from './dom.ts'
import { formatDay } from './format.ts'
import type { State } from './state.ts'
import { say, type TextKey } from './text.ts'
import { promptLink } from './view-sign.ts'
import { drawTrouble } from './view-trouble.ts'

/** What the person can do in this step. */
export interface CertificateActions {
  choose(card: BridgeCertificate): void
  change(): void
  refresh(): void
  retry(): void
  trust(): void
  changeDocument(): void
}

/** Listens to the fixed controls of the step. */
export function wireCertificate(actions: CertificateActions): void {
  byId('certificate-change').addEventListener('click', () => actions.change())
  byId('certificate-refresh').addEventListener('click', () => actions.refresh())
}

/** Draws the step. */
export function drawCertificate(state: State, actions: CertificateActions): void {
  const { language, certificates, chosen } = state
  drawWait(state)
  drawTrouble(byId('certificate-trouble'), 'certificate', state, actions)
  drawCards(state, actions)
  byId('certificate-refresh').hidden = certificates === undefined || state.waiting.for !== 'nothing'
  byId('certificate-change').hidden = state.step === 'result' || state.waiting.for !== 'nothing'
  byId('certificate-brief').textContent = chosen
    ? `${chosen.summary.holder} · ${say(language, 'certificate.until', { date: formatDay(chosen.summary.notAfter, language) })}`
    : ''
}

function drawWait({ language, waiting }: State): void {
  const wait = byId('certificate-wait')
  wait.hidden = !['connection', 'permission', 'list'].includes(waiting.for)
  if (waiting.for === 'permission') {
    const { sentence, remedy } = ERROR_TEXTS.BRIDGE_PERMISSION_NEEDED
    wait.replaceChildren(picture('permission'), words(sentence[language], remedy[language]))
  } else if (waiting.for === 'list') {
    const note = say(language, waiting.page ? 'sign.page.note' : 'certificate.asking.note')
    const panel = words(say(language, 'certificate.asking'), note)
    if (waiting.page) panel.append(promptLink(waiting.page, language))
    wait.replaceChildren(picture('prompt'), panel)
  } else {
    wait.replaceChildren(
      make('span', { class: 'spinner', 'aria-hidden': 'true' }),
      make('p', {}, say(language, 'certificate.connecting')),
    )
  }
}

function words(heading: string, note: string): HTMLElement {
  return make('div', {}, make('h3', {}, heading), make('p', {}, note))
}

/** Cards are made anew only when the list or the language changes, so that focus stays where it is. */
let drawn: { certificates: State['certificates']; language: State['language'] } | undefined

function drawCards(
  { certificates, chosen, language, waiting }: State,
  actions: CertificateActions,
) {
  const root = byId('certificates')
  root.hidden = !certificates || certificates.length === 0
  if (drawn?.certificates !== certificates || drawn?.language !== language) {
    drawn = { certificates, language }
    root.replaceChildren(
      ...(certificates ?? []).map((card, index) => makeCard(card, index, language, actions)),
    )
  }
  for (const [index, input] of root.querySelectorAll('input').entries()) {
    const card = certificates?.[index]
    input.checked = card !== undefined && card === chosen
    input.disabled = waiting.for !== 'nothing' || card?.obstacle !== undefined
  }
}

function makeCard(
  card: BridgeCertificate,
  index: number,
  language: State['language'],
  actions: CertificateActions,
): HTMLElement {
  const { summary, token } = card
  const { obstacle } = card
  const input = make('input', { type: 'radio', name: 'certificate', id: `certificate-${index}` })
  input.addEventListener('change', () => actions.choose(card))
  const date = formatDay(
    obstacle === 'not-yet-valid' ? summary.notBefore : summary.notAfter,
    language,
  )
  const { state, daysLeft } = card.validity
  const isSoon = obstacle === undefined && state === 'soon'
  const usable: TextKey = isSoon ? 'certificate.soon' : 'certificate.until'
  const validity: TextKey = obstacle ? `certificate.${obstacle}` : usable
  const fact = (key: TextKey, value: string) =>
    make('span', { class: 'fact' }, make('span', {}, `${say(language, key)}: `), value)
  return make(
    'div',
    { class: obstacle ? 'choice card unusable' : 'choice card' },
    make(
      'label',
      {},
      input,
      make(
        'span',
        { class: 'choice-text' },
        make('strong', {}, summary.holder),
        summary.organization ? make('span', { class: 'org' }, summary.organization) : undefined,
        fact('certificate.issuer', summary.issuer),
        make('span', { class: 'fact' }, drawing('token'), token.label),
        make(
          'span',
          { class: obstacle || isSoon ? 'validity bad' : 'validity' },
          say(language, validity, { date, days: String(daysLeft), issuer: summary.issuer }),
        ),
      ),
    ),
  )
}
