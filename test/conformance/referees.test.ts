import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ALL_REFEREES, presentReferees, type SignedFile } from '../helpers/referees/index.ts'
import { makeOpensslCa, signByOpenssl } from '../helpers/referees/openssl-identity.ts'
import { signByXmlsec, signJwsByOpenssl } from '../helpers/referees/plain-signatures.ts'
import { poi, signByPoi } from '../helpers/referees/poi.ts'
import { tamper } from '../helpers/referees/tamper.ts'
import { PYTHON } from '../helpers/referees/pyhanko.ts'

const SIGN = fileURLToPath(new URL('../helpers/referees/python/sign.py', import.meta.url))
const KEYS = {
  RS256: ['rsa:2048'],
  PS256: ['rsa:2048'],
  ES256: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
}

let folder: string
let caFile: string
let otherCaFile: string

/** Files that OpenSSL, pyHanko, xmlsec1 and Apache POI signed, by what they are. */
const good = new Map<string, SignedFile>()
/** Of them, plain signatures: good, and of no level of XAdES or JAdES. */
const isPlain = ({ kind }: SignedFile): boolean => ['xades', 'jades', 'ooxml'].includes(kind)

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'trien-referees-'))
  const data = path.join(folder, 'data.txt')
  await writeFile(data, 'Cộng hòa xã hội chủ nghĩa Việt Nam\r\n')
  const makeSigner = await makeOpensslCa(folder)
  for (const [algorithm, newKey] of Object.entries(KEYS)) {
    const signer = await makeSigner(algorithm, newKey)
    caFile = signer.caFile
    const pss = algorithm === 'PS256'
    for (const kind of ['detached', 'attached'] as const) {
      const signature = path.join(folder, `${algorithm}-${kind}.p7s`)
      await signByOpenssl(signer, { data, out: signature, kind, algorithm })
      good.set(`${kind} ${algorithm}`, { kind, signature, data })
    }
    const signature = path.join(folder, `${algorithm}.pdf`)
    const args = [SIGN, signer.key, signer.certificate, signer.caFile, signature]
    await promisify(execFile)(PYTHON, pss ? [...args, 'pss'] : args)
    good.set(`pdf ${algorithm}`, { kind: 'pdf', signature })
    good.set(`jws ${algorithm}`, await signJwsByOpenssl(signer, algorithm, folder))
    // Debian's xmlsec1 knows no RSASSA-PSS.
    if (!pss) good.set(`xml ${algorithm}`, await signByXmlsec(signer, algorithm, folder))
    // POI signs by RSA alone.
    if (algorithm !== 'RS256' || poi.missing() !== undefined) continue
    for (const ending of ['docx', 'xlsx', 'pptx']) {
      const file = path.join(folder, `poi.${ending}`)
      good.set(`office ${ending}`, await signByPoi(signer, file))
    }
  }
  const other = await mkdtemp(path.join(folder, 'other-'))
  await makeOpensslCa(other)
  otherCaFile = path.join(other, 'ca.pem')
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

describe.each(presentReferees(ALL_REFEREES))('$name', (referee) => {
  const judged = () =>
    [...good].filter(
      ([, file]) => referee.kinds.includes(file.kind) && !(referee.name === 'dss' && isPlain(file)),
    )

  test('accepts what others signed well', async () => {
    const verdicts = await referee.judge(
      judged().map(([, file]) => file),
      caFile,
    )
    const table = judged().map(([name], index) => `${name}: ${JSON.stringify(verdicts[index])}`)
    expect(table.filter((_, index) => !verdicts[index]!.accepted)).toEqual([])
    expect(verdicts.length).toBeGreaterThan(0)
  })

  if (!referee.seesTampering) {
    console.log(`${referee.name} looks at structure alone: it is not asked of what was changed`)
    return
  }

  test('refuses it with one byte changed', async () => {
    const copies = await Promise.all(judged().map(([, file]) => tamper(file, folder)))
    const verdicts = await referee.judge(copies, caFile)
    expect(verdicts.filter(({ accepted }) => accepted)).toEqual([])
  })

  test('refuses a file that is no signature', async () => {
    const signature = path.join(folder, 'empty')
    await writeFile(signature, 'nothing')
    const files = referee.kinds.map((kind) => ({ kind, signature, data: signature }) as SignedFile)
    const verdicts = await referee.judge(files, caFile)
    expect(verdicts.filter(({ accepted }) => accepted)).toEqual([])
  })
})

test.each(
  presentReferees(ALL_REFEREES).filter(({ name }) =>
    /openssl|certtool|pyhanko|dss|libreoffice|libxmlsec/.test(name),
  ),
)('$name refuses a signer whose CA it does not trust', async (referee) => {
  const files = [...good.values()].filter(({ kind }) => referee.kinds.includes(kind))
  const verdicts = await referee.judge(files, otherCaFile)
  expect(verdicts.filter(({ accepted }) => accepted)).toEqual([])
})

test('pdfsig, BouncyCastle and pyHanko refuse a PDF with bytes after the last signature', async () => {
  const { signature } = good.get('pdf RS256')!
  const copy = path.join(folder, 'longer.pdf')
  await writeFile(copy, Buffer.concat([await readFile(signature), Buffer.from('\n% more\n')]))
  for (const referee of presentReferees(ALL_REFEREES)) {
    if (!['pdfsig', 'bouncycastle', 'pyhanko'].includes(referee.name)) continue
    const [verdict] = await referee.judge([{ kind: 'pdf', signature: copy }], caFile)
    expect(verdict).toMatchObject({ referee: referee.name, accepted: false })
  }
})

test('qpdf refuses a PDF whose cross-reference table is broken', async () => {
  const { signature } = good.get('pdf RS256')!
  const text = await readFile(signature, 'latin1')
  const at = text.lastIndexOf('startxref')
  const copy = path.join(folder, 'broken.pdf')
  await writeFile(copy, `${text.slice(0, at)}startxref\n7\n%%EOF\n`, 'latin1')
  const [qpdf] = presentReferees(ALL_REFEREES.filter(({ name }) => name === 'qpdf'))
  const verdicts = await qpdf!.judge([{ kind: 'pdf', signature: copy }], caFile)
  expect(verdicts).toMatchObject([{ accepted: false }])
})
