/**
 * Takes the keyboard along: where the control that had focus has just been hidden, focus goes to what took its place.
 * @module
 */
import type { State } from './state.ts'

let held: Element | undefined

/** Watches which control has focus; a control that is hidden loses it without a word. */
export function watchFocus(): void {
  document.addEventListener('focusin', (event) => {
    held = event.target instanceof Element ? event.target : undefined
  })
}

/** Moves focus after a drawing, but never away from a control that is still there. */
export function keepFocus(state: State): void {
  if (held === undefined || held.checkVisibility()) return
  const target = document.querySelector<HTMLElement>(placeOf(state))
  target?.focus({ preventScroll: true })
  target?.closest('.step')?.scrollIntoView({ block: 'nearest' })
}

function placeOf({ step, waiting, trouble, chosen }: State): string {
  if (trouble)
    return trouble.step === 'pin' ? '#pin-trouble .trouble' : `#step-${trouble.step} .trouble`
  if (waiting.for === 'pin') return '#pin-cancel'
  if (['hash', 'prompt', 'signing'].includes(waiting.for)) return '#sign-wait'
  if (waiting.for !== 'nothing') return '#step-certificate h2'
  if (step === 'document') return 'input[name="document"]:checked'
  if (step === 'result') return '#result-heading'
  if (chosen) return 'input[name="certificate"]:checked'
  return 'input[name="certificate"]:enabled, #certificate-refresh'
}
