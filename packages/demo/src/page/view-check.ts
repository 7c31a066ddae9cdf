/**
 * The panel “check the connection”: what stands between the page and Trien, step by step, to read or to paste.
 * @module
 */
import type { Bridge, DiagnosisStep } from '@trien/sdk/bridge'
import { describeError } from '@trien/sdk/error-texts'
import type { Language } from '@trien/sdk/errors'
import { byId, make } from './dom.ts'
import { say } from './text.ts'

/** Listens to the panel's button. */
export function wireCheck(current: () => Bridge, languageNow: () => Language): void {
  const list = byId('check-steps')
  byId('check-run').addEventListener('click', () => {
    list.replaceChildren()
    const show = (steps: readonly DiagnosisStep[]): void =>
      list.replaceChildren(...steps.map((step) => drawStep(step, languageNow())))
    current()
      .diagnose()
      .then(({ steps }) => show(steps), console.error)
  })
}

function drawStep(found: DiagnosisStep, language: Language): HTMLElement {
  const { step, state, port, code, details } = found
  const name = say(language, `check.${step}`, { port: String(port) })
  const words = code && describeError({ code, details }, language)
  // A port where nobody answers is as it should be while another one has the bridge.
  const isQuiet = step === 'port' && state === 'unknown'
  return make(
    'li',
    { 'data-is': state, 'data-step': step },
    `${name}: ${say(language, isQuiet ? 'check.silent' : `check.${state}`)}`,
    words && !isQuiet
      ? make('p', { class: 'small' }, `${words.sentence} ${words.remedy}`)
      : undefined,
  )
}
