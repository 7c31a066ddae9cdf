import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createPrivateKey } from 'node:crypto'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readTimestamp } from '../../packages/sdk/src/trust/timestamp-token.ts'
import { writeSparsePdf } from '../helpers/sparse-pdf.ts'
import { tableFile } from '../helpers/pdf-file.ts'
import { createTestAuthority } from '../helpers/pki.ts'
import { runTool } from '../helpers/referees/tool.ts'

const SIGN = fileURLToPath(new URL('../helpers/sign-huge.mjs', import.meta.url))
const MIB = 1 << 20
const SIZE = 1024 * MIB
/** What signing may take beyond what the process has anyhow. */
const MAX_BYTES = 64 * MIB

const folder = mkdtempSync(path.join(tmpdir(), 'trien-huge-'))
const authority = createTestAuthority(folder)
let server: Server

beforeAll(async () => {
  const stamp = authority.openTimestamps()
  server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const signal = new AbortController().signal
      void stamp(Buffer.concat(parts), { signal }).then((answer) => response.end(answer))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

describe.runIf(existsSync('/proc/self/clear_refs'))('a PDF of a gigabyte', () => {
  test('is signed and stamped without being in memory', { timeout: 240_000 }, async () => {
    const input = path.join(folder, 'huge.pdf')
    writeSparsePdf(input, SIZE)
    const issued = authority.issue('P-256', 'signer')
    const key = createPrivateKey(readFileSync(issued.keyFile)).export({
      ...{ type: 'pkcs8', format: 'der' },
    })
    const identity = path.join(folder, 'key.json')
    const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
    writeFileSync(
      identity,
      JSON.stringify({
        ...{
          key: base64(key),
          certificate: base64(issued.certificate),
          small: base64(tableFile()),
        },
      }),
    )
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const { stdout, stderr } = await runTool(process.execPath, [
      ...['--expose-gc', SIGN, input, identity, url],
    ])
    expect(stderr).toBe('')
    const made = JSON.parse(stdout) as Record<
      'base' | 'signed' | 'stamped' | 'filed' | 'size',
      number
    > & {
      tail: string
    }
    const over = [made.signed, made.stamped, made.filed].map((peak) => peak - made.base)
    console.log(
      `over the base, signing, stamping and from file to file: ${over.map((each) => (each / MIB).toFixed(0)).join(', ')} MiB`,
    )
    expect(Math.max(...over)).toBeLessThanOrEqual(MAX_BYTES)
    await expectStamped(input, made)
    const { stdout: told } = await runTool('pdfsig', [`${input}.signed.pdf`])
    expect(told).toContain('Signature is Valid')
    expect(told).toContain('Total document signed')
  })
})

/** The stamp at the end is over the file as it is on the disk, and over what was appended to it. */
async function expectStamped(
  input: string,
  { size, tail }: { readonly size: number; readonly tail: string },
): Promise<void> {
  const end = Buffer.from(tail, 'base64')
  const base = size - end.length
  const ranges = [...end.toString('latin1').matchAll(/\/ByteRange \[0 (\d+) (\d+) (\d+)\]/g)]
  const [gapStart = 0, gapEnd = 0, rest = 0] = ranges.at(-1)!.slice(1).map(Number)
  expect(gapEnd + rest).toBe(size)
  const contents = end.subarray(gapStart - base + 1, gapEnd - base - 1).toString('latin1')
  const der = Buffer.from(contents, 'hex')
  const token = der.subarray(0, 4 + der.readUInt16BE(2))
  const hash = createHash('sha256')
  let inputBytes = 0
  for await (const chunk of createReadStream(input)) {
    hash.update(chunk as Buffer)
    inputBytes += (chunk as Buffer).length
  }
  hash.update(end.subarray(inputBytes - base, gapStart - base)).update(end.subarray(gapEnd - base))
  const { imprint } = await readTimestamp(token)
  expect(Buffer.from(imprint.value)).toEqual(hash.digest())
}
