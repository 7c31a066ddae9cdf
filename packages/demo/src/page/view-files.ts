/**
 * The list of several files in steps 3 and 4: what is with each, and each to take home.
 * @module
 */
import type { Language } from '@trien/sdk/errors'
import { byId, make } from './dom.ts'
import { formatSize } from './format.ts'
import { FORMATS } from './formats.ts'
import { type BatchFile, pickedBatch, type State } from './state.ts'
import { say } from './text.ts'

/** The rows that are there, each with the file that it was made for: only what changed is made anew. */
let rows: { root: HTMLElement; language: Language; made: BatchFile[] } | undefined

/** Draws the list where the person is. */
export function drawFiles(state: State): void {
  const { step, language } = state
  const root = byId(step === 'result' ? 'result-list' : 'sign-list')
  const files = pickedBatch(state)?.files ?? []
  drawRows(root, files, language)
  for (const id of ['sign-list', 'result-list']) byId(id).hidden = files.length === 0
  const isBeside = ({ document, file }: BatchFile) => file && !FORMATS[document.format].isInside
  byId('files-note').hidden = !files.some(isBeside)
}

function drawRows(root: HTMLElement, files: readonly BatchFile[], language: Language): void {
  if (rows?.root !== root || rows.language !== language || rows.made.length !== files.length) {
    rows?.root.replaceChildren()
    rows = { root, language, made: [...files] }
    root.replaceChildren(...files.map((file) => makeRow(file, language)))
  }
  for (const [index, file] of files.entries()) {
    if (rows.made[index] === file) continue
    rows.made[index] = file
    root.children[index]?.replaceWith(makeRow(file, language))
  }
}

function makeRow({ document, step, file, trouble }: BatchFile, language: Language) {
  const size = make('span', { class: 'small' }, formatSize(document.content.size, language))
  const words = trouble?.describe(language)
  const state = make('span', { class: 'file-state' }, say(language, `file.${step}`))
  const link = file && {
    ...{ class: 'secondary', href: file.url, download: file.name },
    'aria-label': say(language, 'file.download.name', { name: file.name }),
  }
  return make(
    'li',
    { 'data-is': step, ...(trouble && { 'data-code': trouble.code }) },
    make('span', { class: 'file-name' }, make('strong', {}, document.name), ' ', size),
    state,
    link && make('a', link, say(language, 'file.download')),
    words && make('p', {}, `${words.sentence} ${words.remedy}`),
  )
}
