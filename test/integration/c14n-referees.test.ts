/**
 * Canonical XML as libxml2 writes it, of documents that are awkward by hand and by chance: whole, and of an element within.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeUtf8 } from '@trien/sdk/bytes'
import { C14N_URIS } from '../../packages/sdk/src/xml/c14n-methods.ts'
import { canonicalize } from '../../packages/sdk/src/xml/canonicalize.ts'
import { parseXml } from '../../packages/sdk/src/xml/parse.ts'
import { hasTools } from '../helpers/tools.ts'
import { SAMPLES, generateXml } from '../helpers/xml/samples.ts'

/** xmllint writes comments in each form. */
const FORMS = [
  ['--c14n', `${C14N_URIS['c14n-1.0']}#WithComments`],
  ['--c14n11', `${C14N_URIS['c14n-1.1']}#WithComments`],
  ['--exc-c14n', `${C14N_URIS.exclusive}WithComments`],
] as const

const GENERATED = 120
/** The JDK reads names as the fourth edition of XML 1.0 has them. */
const NEW_NAMES = 'names beyond the Basic Multilingual Plane'

describe.skipIf(!hasTools('xmllint'))('canonical XML, as xmllint writes it', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-c14n-'))
  const file = path.join(folder, 'document.xml')
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  async function compare(text: string): Promise<void> {
    writeFileSync(file, text)
    const { dom } = await parseXml(encodeUtf8(text))
    for (const [option, method] of FORMS) {
      const theirs = execFileSync('xmllint', [option, file], { encoding: 'utf8' })
      const ours = new TextDecoder().decode(canonicalize(dom, method))
      expect(ours, `${option} of ${text}`).toBe(theirs)
    }
  }

  it.each(Object.entries(SAMPLES))('%s', (_, text) => compare(text))

  it(`${GENERATED} documents by chance`, async () => {
    for (let seed = 1; seed <= GENERATED; seed++) await compare(generateXml(seed))
  })
})

describe.skipIf(!hasTools('java', 'javac'))('canonical XML, as the JDK writes it', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-c14n-'))
  const classes = path.join(folder, 'classes')
  beforeAll(() => {
    execFileSync('javac', ['-d', classes, 'test/helpers/referees/java/Canonicalize.java'])
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** Canonicalises files by all forms, in one process. */
  function byJdk(files: readonly string[]): readonly string[] {
    const lines = files.flatMap((name) => Object.values(C14N_URIS).map((uri) => `${uri}\t${name}`))
    const { stdout, stderr, status } = spawnSync('java', ['-cp', classes, 'Canonicalize'], {
      input: `${lines.join('\n')}\n`,
      maxBuffer: 1 << 28,
    })
    if (status !== 0) throw new Error(stderr.toString())
    return stdout
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => Buffer.from(line, 'base64').toString())
  }

  it('in every form, of every document', async () => {
    const texts = Object.entries(SAMPLES).flatMap(([name, text]) =>
      name === NEW_NAMES ? [] : [text],
    )
    for (let seed = 1; seed <= GENERATED; seed++) texts.push(generateXml(seed, 4))
    const files = texts.map((text, index) => {
      const name = path.join(folder, `${index}.xml`)
      writeFileSync(name, text)
      return name
    })
    const theirs = byJdk(files)
    let at = 0
    for (const text of texts) {
      const { dom } = await parseXml(encodeUtf8(text))
      for (const uri of Object.values(C14N_URIS)) {
        const ours = new TextDecoder().decode(canonicalize(dom, uri))
        expect(ours, `${uri} of ${text}`).toBe(theirs[at++])
      }
    }
    expect(at).toBe(theirs.length)
  })
})
