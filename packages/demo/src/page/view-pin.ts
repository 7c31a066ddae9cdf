/**
 * In step 2: the tokens that hold the certificates, with what can be done to their PINs.
 * @module
 */
import type { BridgeCertificate } from '@trien/sdk/bridge'
import { byId, drawing, make, picture } from './dom.ts'
import type { PinDone, State } from './state.ts'
import { say, type TextKey } from './text.ts'
import { promptLink } from './view-sign.ts'
import { drawTrouble } from './view-trouble.ts'

/** What is done to a PIN. */
export type PinDeed = PinDone['deed']

/** What the person can do. */
export interface PinActions {
  care(deed: PinDeed, card: BridgeCertificate): void
  retry(): void
  cancel(): void
}

const BUTTONS = [
  ['change-pin', 'pin.change'],
  ['unblock', 'pin.unblock'],
] as const satisfies readonly (readonly [PinDeed, TextKey])[]

/** Made anew only when the list or the language changes, so that focus stays on its buttons. */
let drawn: Pick<State, 'certificates' | 'language'> | undefined

/** Draws tokens, waiting, and how it ended. */
export function drawPin(state: State, actions: PinActions): void {
  const { certificates, language, waiting, pinDone } = state
  byId('tokens').hidden = !certificates || certificates.length === 0
  if (drawn?.certificates !== certificates || drawn?.language !== language) {
    drawn = { certificates, language }
    const rows = findTokens(certificates ?? []).map((card) => makeRow(card, language, actions))
    byId('token-rows').replaceChildren(...rows)
  }
  for (const button of byId('token-rows').querySelectorAll('button')) {
    button.disabled = waiting.for !== 'nothing'
  }
  drawWait(state, actions)
  drawTrouble(byId('pin-trouble'), 'pin', state, {
    retry: actions.retry,
    changeDocument: () => undefined,
  })
  const done = byId('pin-done')
  done.hidden = pinDone === undefined
  done.textContent = pinDone
    ? say(language, `pin.done.${pinDone.deed}`, { token: pinDone.token })
    : ''
}

/** The first certificate of each token stands for it. */
function findTokens(certificates: readonly BridgeCertificate[]): readonly BridgeCertificate[] {
  const names = new Set<string>()
  return certificates.filter(({ token: { label, manufacturer, serial } }) => {
    const name = JSON.stringify([label, manufacturer, serial])
    const isNew = !names.has(name)
    names.add(name)
    return isNew
  })
}

function makeRow(
  card: BridgeCertificate,
  language: State['language'],
  actions: PinActions,
): HTMLElement {
  const buttons = BUTTONS.map(([deed, words]) => {
    const attributes = { type: 'button', class: 'secondary', 'data-deed': deed }
    const button = make('button', attributes, say(language, words))
    button.addEventListener('click', () => actions.care(deed, card))
    return button
  })
  const { label, serial } = card.token
  const number = make('span', { class: 'small' }, say(language, 'pin.number', { serial }))
  const name = make('span', { class: 'token-name' }, drawing('token'), label, number)
  return make('div', { class: 'token-row' }, name, make('div', { class: 'buttons' }, ...buttons))
}

/** Made once for each wait, and again when there is a page to open. */
let drawnWait: State['waiting'] | undefined

function drawWait({ waiting, language }: State, { cancel }: PinActions): void {
  const wait = byId('pin-wait')
  wait.hidden = waiting.for !== 'pin'
  if (waiting.for !== 'pin') {
    drawnWait = undefined
    return
  }
  if (drawnWait === waiting) return
  drawnWait = waiting
  const button = make('button', { type: 'button', class: 'secondary', id: 'pin-cancel' })
  button.textContent = say(language, 'pin.cancel')
  button.addEventListener('click', cancel)
  const note = say(language, waiting.page ? 'sign.page.note' : `pin.prompt.${waiting.deed}`)
  wait.replaceChildren(
    picture('prompt'),
    make(
      'div',
      {},
      make('h3', {}, say(language, waiting.page ? 'sign.page.title' : 'sign.prompt')),
      make('p', {}, note),
      waiting.page ? promptLink(waiting.page, language) : undefined,
      button,
    ),
  )
}
