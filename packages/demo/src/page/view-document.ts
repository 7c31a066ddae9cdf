/**
 * Step 1: the sample form, or a file of the person's own.
 * @module
 */
import { byId } from './dom.ts'
import { formatSize } from './format.ts'
import { pickedDocument, type State } from './state.ts'
import { say } from './text.ts'

/** What the person can do in this step. */
export interface DocumentActions {
  pick(which: 'sample' | 'own'): void
  take(file: File): void
  next(): void
  change(): void
}

/** Listens to the controls of the step, and to files dropped anywhere on the page. */
export function wireDocument(actions: DocumentActions): void {
  const input = byId<HTMLInputElement>('own-file')
  for (const radio of radios()) {
    radio.addEventListener('change', () => {
      actions.pick(radio.value === 'own' ? 'own' : 'sample')
    })
  }
  byId('own-pick').addEventListener('click', () => input.click())
  input.addEventListener('change', () => {
    const file = input.files?.[0]
    if (file) actions.take(file)
    // The same file, edited meanwhile, may be chosen again.
    input.value = ''
  })
  byId('document-next').addEventListener('click', () => actions.next())
  byId('document-change').addEventListener('click', () => actions.change())
  wireDrop(actions)
}

function wireDrop(actions: DocumentActions): void {
  const target = byId('own-choice')
  const open = () => byId('step-document').hasAttribute('data-open')
  document.addEventListener('dragover', (event) => {
    event.preventDefault()
    target.toggleAttribute('data-over', open())
  })
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) target.removeAttribute('data-over')
  })
  document.addEventListener('drop', (event) => {
    // Without this the browser would leave the page and show the file.
    event.preventDefault()
    target.removeAttribute('data-over')
    const file = event.dataTransfer?.files[0]
    if (file && open()) actions.take(file)
  })
}

/** Draws the step. */
export function drawDocument(state: State): void {
  const { language, sample, own, picked } = state
  for (const radio of radios()) radio.checked = radio.value === picked
  byId('sample-detail').textContent = sample
    ? `${say(language, 'document.sample.file')} · PDF · ${formatSize(sample.content.size, language)}`
    : ''
  byId('own-detail').textContent = own
    ? `${own.name} · ${formatSize(own.content.size, language)}`
    : say(language, 'document.own.detail')
  const document = pickedDocument(state)
  byId<HTMLButtonElement>('document-next').disabled = document === undefined
  byId('document-brief').textContent = document
    ? `${document.name} · ${formatSize(document.content.size, language)}`
    : ''
  // After signing, or while it runs, the document belongs to the signature.
  byId('document-change').hidden = state.step === 'result' || state.waiting.for !== 'nothing'
}

function radios(): NodeListOf<HTMLInputElement> {
  return document.querySelectorAll<HTMLInputElement>('input[name="document"]')
}
