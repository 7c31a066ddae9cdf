import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { CATALOGUE } from '@trien/sdk/errors'
import { encodeErrorTables } from './documents/error-table.ts'
import { encodeFailurePage } from './documents/failure-page.ts'
import { encodeProtocolPage } from './documents/protocol-page.ts'
import { ROOT, listTrackedFiles } from './walls/tracked-files.ts'

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8')
const documents = listTrackedFiles().filter((file) => file.endsWith('.md'))

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
function fillSection(text: string, name: string, content: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [before, rest] = text.split(open)
  const after = rest?.split(close)[1]
  if (before === undefined || after === undefined) throw new Error(`no section ${name}`)
  return `${before}${open}\n\n${content}\n\n${close}${after}`
}

// A snapshot test that compares with the document itself: `npx vitest run --project package documents -u` writes it anew.
describe('what is written from the source', () => {
  it('README’s errors are those of the catalogue', async () => {
    const tables = encodeErrorTables()
    for (const code of Object.keys(CATALOGUE)) expect(tables).toContain(`\`${code}\``)
    const readme = fillSection(read('README.md'), 'errors', tables)
    await expect(readme).toMatchFileSnapshot(path.join(ROOT, 'README.md'))
  })

  it('docs/protocol.md is what wire/ says', async () => {
    const page = encodeProtocolPage()
    for (const method of ['hello', 'certificates.list', 'sign', 'sign.progress', 'cancel']) {
      expect(page).toContain(`method: '${method}'`)
    }
    await expect(page).toMatchFileSnapshot(path.join(ROOT, 'docs/protocol.md'))
  })

  it('docs/failures.md is the table of failures', async () => {
    const page = encodeFailurePage()
    await expect(page).toMatchFileSnapshot(path.join(ROOT, 'docs/failures.md'))
  })
})

describe('every document', () => {
  it('names files that are there', () => {
    expect(documents).toEqual(expect.arrayContaining(['README.md', 'SECURITY.md', 'CHANGELOG.md']))
    const missing = documents.flatMap((document) =>
      pathsNamedIn(read(document))
        .filter((file) => !tracked.has(file))
        .map((file) => `${document}: ${file}`),
    )
    expect(missing).toEqual([])
  })

  it('keeps ARCHITECTURE.md short enough to be read', () => {
    // Its tables are law, and grow with the house.
    const lines = read('ARCHITECTURE.md').split('\n')
    expect(lines.filter((line) => !line.startsWith('|')).length).toBeLessThanOrEqual(115)
  })
})

const files = listTrackedFiles()
const folders = files.flatMap((file) => {
  const parts = file.split('/').slice(0, -1)
  return parts.map((_, index) => `${parts.slice(0, index + 1).join('/')}/`)
})
const tracked = new Set([...files, ...folders, ...folders.map((folder) => folder.slice(0, -1))])

/** Links, and names in backticks that start with a folder of ours. */
function pathsNamedIn(markdown: string): string[] {
  const links = [...markdown.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(
    ([, target]) => target ?? '',
  )
  const quoted = [...markdown.matchAll(/`((?:packages|test|docs|\.ci)\/[\w./-]+)`/g)].map(
    ([, name]) => name ?? '',
  )
  const pictures = [...markdown.matchAll(/ src="([^":]+)"/g)].map(([, target]) => target ?? '')
  return [...links, ...pictures, ...quoted]
}
