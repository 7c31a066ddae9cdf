/**
 * Step 1: the sample form, or files of the person's own.
 * @module
 */
import { byId } from './dom.ts'
import { formatSize } from './format.ts'
import {
  type Batch,
  type ChosenDocument,
  pickedBatch,
  pickedDocument,
  type State,
} from './state.ts'
import { say } from './text.ts'

/** What the person can do in this step. */
export interface DocumentActions {
  pick(which: 'sample' | 'own'): void
  /** One or several. */
  take(files: readonly File[]): void
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
    actions.take([...(input.files ?? [])])
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
    if (open()) actions.take([...(event.dataTransfer?.files ?? [])])
  })
}

/** Draws the step. */
export function drawDocument(state: State): void {
  const { language, sample, own, batch, picked } = state
  for (const radio of radios()) radio.checked = radio.value === picked
  byId('sample-detail').textContent = sample
    ? `${say(language, 'document.sample.file')} · PDF · ${formatSize(sample.content.size, language)}`
    : ''
  byId('own-detail').textContent =
    describe(own, batch, language) || say(language, 'document.own.detail')
  const brief = describe(pickedDocument(state), pickedBatch(state), language)
  byId<HTMLButtonElement>('document-next').disabled = brief === ''
  byId('document-brief').textContent = brief
  // After signing, or while it runs, the document belongs to the signature.
  byId('document-change').hidden = state.step === 'result' || state.waiting.for !== 'nothing'
}

/** Names one document, or counts several. */
function describe(
  one: ChosenDocument | undefined,
  several: Batch | undefined,
  language: State['language'],
): string {
  if (one) return `${one.name} · ${formatSize(one.content.size, language)}`
  if (!several) return ''
  const { files } = several
  const size = files.reduce((sum, { document }) => sum + document.content.size, 0)
  const count = say(language, 'document.several', { count: String(files.length) })
  return `${count} · ${formatSize(size, language)}`
}

function radios(): NodeListOf<HTMLInputElement> {
  return document.querySelectorAll<HTMLInputElement>('input[name="document"]')
}
