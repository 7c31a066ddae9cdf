// Makes src/pdf/font/tinos.ts of the published Tinos Regular: `node packages/sdk/font/make.mjs`.
// Run by hand when the font or the set of characters changes; the result is committed. Needs npm, and python3 with venv.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { deflateSync } from 'node:zlib'

const SOURCE = '@expo-google-fonts/tinos@0.4.2'
const TOOL = 'fonttools==4.68.0'

/** Latin-1, Latin Extended-A, the whole Vietnamese alphabet composed, and the punctuation of official documents. */
const CHARACTERS = [
  ...['0020-007E', '00A0-017F', '0192', '01A0-01A1', '01AF-01B0', '02C6', '02DC', '1EA0-1EF9'],
  ...['2010-2015', '2018-201E', '2020-2022', '2026', '2030', '2032-2033', '2039-203A', '2044'],
  ...['20AB-20AC', '2116', '2122', '2192', '2212', '2264-2265'],
]

const file = (name) => fileURLToPath(new URL(name, import.meta.url))
const folder = mkdtempSync(path.join(tmpdir(), 'trien-font-'))
try {
  const run = (command, args) => execFileSync(command, args, { cwd: folder, encoding: 'utf8' })
  run('npm', ['pack', '--silent', SOURCE])
  run('sh', ['-c', 'tar -xzf *.tgz'])
  run('python3', ['-m', 'venv', 'python'])
  run('python/bin/pip', ['install', '--quiet', TOOL])
  run('python/bin/pyftsubset', [
    'package/400Regular/Tinos_400Regular.ttf',
    `--unicodes=${CHARACTERS.map((range) => `U+${range}`).join()}`,
    ...['--no-hinting', '--notdef-outline', '--no-glyph-names', '--layout-features='],
    // The copyright, the names, the licence and its address.
    '--name-IDs=0,1,2,3,4,5,6,13,14',
    ...['--drop-tables+=GDEF,GSUB,GPOS,DSIG,gasp,meta', '--output-file=subset.ttf'],
  ])
  const packed = deflateSync(readFileSync(path.join(folder, 'subset.ttf')), { level: 9 })
  writeFileSync(
    file('../src/pdf/font/tinos.ts'),
    `/**
 * Tinos Regular, reduced to ${CHARACTERS.length} ranges of characters and without hints: made by packages/sdk/font/make.mjs of
 * ${SOURCE}, never edited.
 *
 * Copyright 2026 The Tinos Project Authors (https://github.com/googlefonts/tinos), SIL Open Font License 1.1, which is
 * in font/OFL.txt of this package.
 * @module
 */

/** The font file as zlib data (RFC 1950) in base64. */
export const TINOS_ZLIB_BASE64 =
  '${packed.toString('base64')}'
`,
  )
  writeFileSync(file('OFL.txt'), readFileSync(path.join(folder, 'package/LICENSE_FONT')))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
