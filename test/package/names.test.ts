import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { findNameFaults } from './walls/names.ts'
import { ROOT, listTrackedFiles } from './walls/tracked-files.ts'

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8')
const code = listTrackedFiles().filter((file) => /\.(ts|js|mjs|css|html)$/.test(file))

describe('names and sizes', () => {
  it('are kept by every source file', () => {
    expect(code.length).toBeGreaterThan(20)
    expect(code.flatMap((file) => findNameFaults(file, read(file)))).toEqual([])
  })

  it.each([
    ['packages/sdk/src/pdf/xrefTable.ts', '', 'xrefTable is not kebab-case'],
    ['packages/sdk/src/Pdf/lexer.ts', '', 'Pdf is not kebab-case'],
    ['packages/sdk/src/utils/lexer.ts', '', 'the word utils says nothing'],
    ['packages/sdk/src/pdf-helpers.ts', '', 'the word helpers says nothing'],
    ['packages/sdk/src/a.ts', '\n'.repeat(401), '401 lines, more than 400'],
    ['packages/sdk/src/a.ts', 'export default 1', 'has a default export'],
    ['packages/sdk/src/a.ts', 'export default class A {}', 'has a default export'],
    ['packages/sdk/src/a.ts', 'const a = 1\nexport { a as default }', 'has a default export'],
    ['packages/sdk/src/a.ts', 'class TokenManager {}', 'the name TokenManager says nothing'],
    ['packages/sdk/src/a.ts', 'const pdfUtils = {}', 'the name pdfUtils says nothing'],
  ])('are missed by %s holding %j', (file, text, fault) => {
    expect(findNameFaults(file, text)).toEqual([`${file}: ${fault}`])
  })

  it('allow helpers in tests, configuration by default export, and words that only contain others', () => {
    expect(findNameFaults('test/helpers/soft-token.ts', '')).toEqual([])
    expect(findNameFaults('rollup.config.js', 'export default []')).toEqual([])
    expect(findNameFaults('packages/sdk/src/base64url.ts', '\n'.repeat(400))).toEqual([])
  })
})
