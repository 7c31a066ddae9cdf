/**
 * The choice in step 3: what is seen of the signature. Only a PDF can show one.
 * @module
 */
import { byId } from './dom.ts'
import { LOOKS, type Looks, pickedDocument, type State } from './state.ts'

/** Listens to the choice. */
export function wireLooks(choose: (looks: Looks) => void): void {
  for (const radio of radios()) {
    radio.addEventListener('change', () => {
      choose(LOOKS.find((looks) => looks === radio.value) ?? 'none')
    })
  }
}

/** Draws the choice. */
export function drawLooks(state: State): void {
  byId('looks').hidden = pickedDocument(state)?.format !== 'pdf' || state.trouble?.step === 'sign'
  // The paper beside the steps shows what will be there.
  const isOnPaper = state.picked === 'sample' && ['sign', 'result'].includes(state.step)
  byId('sheet-hand').hidden = !(isOnPaper && state.looks === 'hand')
  for (const radio of radios()) radio.checked = radio.value === state.looks
}

function radios(): NodeListOf<HTMLInputElement> {
  return document.querySelectorAll<HTMLInputElement>('input[name="looks"]')
}
