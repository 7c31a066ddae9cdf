/**
 * Draws what surrounds the steps: fixed sentences, the state of each step, the sheet of paper, the status line.
 * @module
 */
import { ERROR_TEXTS } from '@trien/sdk/error-texts'
import { byId } from './dom.ts'
import { formatPercent } from './format.ts'
import { pickedBatch, type State } from './state.ts'
import { sayResult } from './say-result.ts'
import { say, TEXT, type TextKey } from './text.ts'

const STEPS = ['document', 'certificate', 'sign', 'result'] as const

/** Draws the frame. */
export function drawFrame(state: State): void {
  drawSentences(state)
  drawSteps(state)
  drawSheet(state)
  announce(state)
}

function drawSentences({ language }: State): void {
  if (document.documentElement.lang === language) return
  document.documentElement.lang = language
  document.title = say(language, 'page.title')
  for (const element of document.querySelectorAll<HTMLElement>('[data-text]')) {
    element.textContent = say(language, element.dataset['text'] as TextKey)
  }
  for (const button of document.querySelectorAll<HTMLElement>('[data-language]')) {
    button.setAttribute('aria-pressed', String(button.dataset['language'] === language))
  }
}

function drawSteps({ step, language, waiting, trouble }: State): void {
  const at = STEPS.indexOf(step)
  // Until signing begins, the certificates stay in sight and another can be chosen.
  const isStill = waiting.for === 'nothing' && trouble === undefined
  const isAtPin = waiting.for === 'pin' || trouble?.step === 'pin'
  const isChoosing = step === 'sign' && (isStill || isAtPin)
  for (const [index, name] of STEPS.entries()) {
    const is = index < at ? 'done' : index === at ? 'current' : 'waiting'
    const isOpen = is === 'current' || (name === 'certificate' && isChoosing)
    drawStep(byId(`step-${name}`), is, isOpen, say(language, 'step.done'))
  }
  for (const group of document.querySelectorAll<HTMLElement>('[data-label]')) {
    group.setAttribute('aria-label', say(language, group.dataset['label'] as TextKey))
  }
}

function drawStep(
  item: HTMLElement,
  is: 'done' | 'current' | 'waiting',
  isOpen: boolean,
  doneWord: string,
): void {
  item.dataset['is'] = is
  item.toggleAttribute('data-open', isOpen)
  if (is === 'current') item.setAttribute('aria-current', 'step')
  else item.removeAttribute('aria-current')
  const body = item.querySelector<HTMLElement>('.body')
  const brief = item.querySelector<HTMLElement>('.brief')
  const done = item.querySelector<HTMLElement>('[data-done]')
  if (body) body.hidden = !isOpen
  if (brief) brief.hidden = isOpen || is !== 'done'
  if (done) done.textContent = is === 'done' ? doneWord : ''
}

function drawSheet(state: State): void {
  const batch = pickedBatch(state)
  const own = state.picked === 'own'
  byId('sheet-sample').hidden = own
  byId('sheet-own').hidden = !own
  byId('sheet-name').textContent = batch
    ? say(state.language, 'document.several', { count: String(batch.files.length) })
    : (state.own?.name ?? '')
  byId('stamp').hidden = state.step !== 'result'
  byId('stamp-note').hidden = state.step !== 'result'
}

/** Says in one sentence what changed, for people who listen to the page. */
function announce(state: State): void {
  const sentence = statusSentence(state)
  const status = byId('status')
  if (status.textContent !== sentence) status.textContent = sentence
}

function statusSentence(state: State): string {
  const { language, waiting, certificates, step } = state
  if (state.trouble) return state.trouble.describe(language).sentence
  switch (waiting.for) {
    case 'connection':
      return TEXT['certificate.connecting'][language]
    case 'permission':
      return ERROR_TEXTS.BRIDGE_PERMISSION_NEEDED.sentence[language]
    case 'list':
      return TEXT['certificate.asking'][language]
    case 'hash':
    case 'signing': {
      // Every tenth is enough to hear.
      const percent = formatPercent(Math.floor(waiting.share * 10) / 10, language)
      return say(language, waiting.for === 'hash' ? 'sign.hashing' : 'sign.signing', { percent })
    }
    case 'pin':
    case 'prompt':
      return TEXT['sign.prompt'][language]
  }
  if (state.pinDone) {
    return say(language, `pin.done.${state.pinDone.deed}`, { token: state.pinDone.token })
  }
  if (step === 'result') return sayResult(state)
  if (step === 'certificate' && certificates) {
    return say(language, 'certificate.found', { count: String(certificates.length) })
  }
  return ''
}
