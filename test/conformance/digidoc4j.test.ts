/**
 * Containers as digidoc4j sees them, the library behind Estonia's identity card: it reads ASiC-E with XAdES that proves
 * itself, from B-LT on, and is strict about manifests, names and Ids.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { addAsicSignature, signAsic } from '@trien/sdk/asic'
import { encodeUtf8 } from '@trien/sdk/bytes'
import type { Bytes } from '@trien/sdk/types'
import { upgrade } from '@trien/sdk/upgrade'
import { openZip } from '../../packages/sdk/src/zip/archive.ts'
import { extendZip } from '../../packages/sdk/src/zip/write.ts'
import type { SignedFile } from '../helpers/referees/index.ts'
import { findProgram, judgeByLines, root } from '../helpers/referees/tool.ts'
import { createSignerDesk } from '../helpers/xml/signer-desk.ts'

const JUDGE = path.join(root, 'out/referees/digidoc4j')
const isBuilt = existsSync(path.join(JUDGE, 'classes/DigidocJudge.class')) && findProgram('java')
if (!isBuilt) {
  const missing = 'digidoc4j (node .ci/prepare.mjs conformance)'
  if (process.env['CI']) throw new Error(`${missing} is missing`)
  console.warn(`SKIPPED: digidoc4j does not judge, for ${missing} is missing`)
}

const FILES = [
  { name: 'Đơn đề nghị.txt', data: encodeUtf8('một'), mediaType: 'text/plain' },
  { name: 'phụ lục/1+2.bin', data: encodeUtf8('hai') },
]

describe.runIf(isBuilt)('digidoc4j', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-digidoc-'))
  const pki = path.join(folder, 'pki')
  const desk = createSignerDesk(pki)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function write(name: string, level: 'B-B' | 'B-LT' | 'B-LTA', bytes: Bytes | Blob): SignedFile {
    const signature = path.join(folder, `${name}.asice`)
    writeFileSync(signature, bytes as Bytes)
    return { kind: 'asic-xades', level, signature, tampered: signature }
  }

  it('accepts one signature and two, of each family of algorithms, and refuses another file', async () => {
    const timestamp = desk.authority.openTimestamps()
    const authorities = desk.authority.openAuthorities({ hasDeputy: true })
    const means = { timestamp, authorities }
    const [rsa, ec] = [await desk.signer(), await desk.signer('P-256', 'ES256')]
    const pss = await desk.signer('RSA-3072', 'PS256')
    const one = (await signAsic(FILES, { ...means, signer: rsa, level: 'B-LT' })) as Bytes
    const two = await addAsicSignature(one, { ...means, signer: ec, level: 'B-LT' })
    const changed = { name: FILES[1]!.name, data: encodeUtf8('ba') }
    const renewed = await upgrade(await upgrade(one, { ...means, to: 'B-LTA' }), {
      ...{ ...means, to: 'B-LTA' },
    })
    const good = [
      write('one', 'B-LT', one),
      write('two', 'B-LT', two),
      write('pss', 'B-LTA', await signAsic(FILES, { ...means, signer: pss, level: 'B-LTA' })),
      write('renewed', 'B-LTA', renewed),
    ]
    const bad = [
      write('changed', 'B-LT', await extendZip(await openZip(one), [changed], new Date())),
      // It has no word for what cannot prove itself.
      write('bare', 'B-B', await signAsic(FILES, { signer: rsa })),
    ]
    const classpath = [path.join(JUDGE, 'classes'), path.join(JUDGE, 'lib', '*')]
    const verdicts = await judgeByLines('digidoc4j', [...good, ...bad], 'java', [
      ...['-cp', classpath.join(path.delimiter), 'DigidocJudge'],
      ...[desk.caFile, path.join(pki, 'tsa.pem')],
    ])
    const accepted = verdicts.map(({ accepted: isAccepted }) => isAccepted)
    expect(accepted, JSON.stringify(verdicts)).toEqual([...good.map(() => true), false, false])
  }, 300_000)
})
