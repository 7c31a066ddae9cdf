/**
 * What signers claim, before other people's eyes: referees accept each format with it, and refuse a claim that was changed;
 * DSS reads what was meant, finds nothing wrong by the schemas, and the level that was asked for.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { counterSignAsic, signAsic } from '@trien/sdk/asic'
import { signCms } from '@trien/sdk/cms'
import { counterSign } from '@trien/sdk/cosign'
import { signJson } from '@trien/sdk/jades'
import { signPdf } from '@trien/sdk/pades'
import type { SignerClaims } from '@trien/sdk/types'
import { signXml } from '@trien/sdk/xades'
import { tableFile } from '../helpers/pdf-file.ts'
import { type TestAuthority, createTestAuthority } from '../helpers/pki.ts'
import { type DssClaims, readClaims } from '../helpers/referees/dss-claims.ts'
import { dss } from '../helpers/referees/dss.ts'
import { ALL_REFEREES, type SignedFile, presentReferees } from '../helpers/referees/index.ts'
import { softwareSignerOf } from '../helpers/software-signer.ts'

const DATA = new TextEncoder().encode('Quyết định số 12/QĐ-UBND')
const ROLE = 'KT. CHỦ TỊCH & PHÓ CHỦ TỊCH'
const claims = {
  commitment: 'approval',
  place: { city: 'Đà Nẵng', province: 'Quảng Nam', postalCode: '550000', country: 'VN' },
  roles: ['TM. ỦY BAN <NHÂN DÂN>', ROLE],
} as const satisfies SignerClaims
const { city, province, postalCode, country } = claims.place
const roles = [...claims.roles]
const OID = '1.2.840.113549.1.9.16.6.5'
const URI = 'http://uri.etsi.org/01903/v1.2.2#ProofOfApproval'
const byCms = { commitments: [OID], roles, city, country, address: [province, postalCode] }
const byText = { commitments: [URI], roles, city, province, postalCode, country }

const encode = (header: string): string => Buffer.from(header).toString('base64url')
const decode = (header: string): string => Buffer.from(header, 'base64url').toString()

/** A file, and what DSS is to read in it. */
interface Case {
  readonly name: string
  readonly file: SignedFile
  readonly expected: readonly Partial<DssClaims>[]
  /** The same file with another role. */
  readonly changed?: SignedFile
}

describe.runIf(presentReferees([dss]).length > 0)('what a signer claims', () => {
  let folder: string
  let authority: TestAuthority
  let cases: readonly Case[]
  const found = new Map<string, readonly string[]>()
  const read = new Map<string, readonly DssClaims[]>()

  const write = (name: string, bytes: Uint8Array | Blob): string => {
    const place = path.join(folder, name)
    writeFileSync(place, bytes as Uint8Array)
    return place
  }

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'trien-claims-'))
    authority = createTestAuthority(folder)
    cases = await makeCases()
    for (const referee of presentReferees(ALL_REFEREES)) {
      const files = cases
        .flatMap(({ file, changed }) => [file, ...(changed ? [changed] : [])])
        .filter(({ kind }) => referee.kinds.includes(kind))
      if (files.length === 0) continue
      const verdicts = await referee.judge(files, authority.certificateFile)
      files.forEach(({ signature }, at) => {
        const { accepted, summary } = verdicts[at]!
        const said = `${referee.name}: ${accepted ? 'accepted' : summary}`
        found.set(signature, [...(found.get(signature) ?? []), said])
      })
    }
    const disordered = cases.flatMap(disorder)
    const answers = await readClaims([...cases, ...disordered].map(({ file }) => file))
    ;[...cases, ...disordered].forEach(({ name }, at) => read.set(name, answers[at]!))
  }, 600_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  async function makeCases(): Promise<readonly Case[]> {
    const signer = await softwareSignerOf(authority.issue('P-256', 'first'), 'ES256', authority)
    const other = await softwareSignerOf(authority.issue('P-256', 'second'), 'ES256', authority)
    const timestamp = authority.openTimestamps()
    const options = { signer, claims, timestamp }
    const data = write('data.txt', DATA)
    const files = [{ name: 'data.txt', data: DATA, mediaType: 'text/plain' }]
    const level = 'B-T'
    const cms = await signCms(DATA, options)
    const xml = await signXml(files, { ...options, level, packaging: 'detached' })
    const json = await signJson(files, { ...options, level, detached: true })
    const pdf = await signPdf(tableFile(), { ...options, level })
    const within = (name: string, kind: 'asic-cades' | 'asic-xades', zip: Uint8Array | Blob) => {
      const signature = write(name, zip)
      return { kind, level, signature, tampered: signature } as const
    }
    const byHex = (text: string) => Buffer.from(text).toString('hex')
    const inXml = ROLE.replace('&', '&amp;')
    const [header = ''] = [
      Buffer.from(json)
        .toString()
        .match(/"protected":"([^"]+)"/)![1],
    ]
    const otherHeader = encode(decode(header).replace('KT. CH', 'TL. CH'))
    return [
      {
        name: 'CAdES',
        file: { kind: 'detached', signature: write('a.p7s', cms), data },
        changed: { kind: 'detached', signature: write('b.p7s', replace(cms, ROLE)), data },
        expected: [byCms],
      },
      {
        name: 'CAdES on another',
        file: {
          ...{ kind: 'detached', data },
          signature: write(
            'c.p7s',
            await counterSign(await signCms(DATA, { signer: other }), options),
          ),
        },
        expected: [{ commitments: [], roles: [] }, byCms],
      },
      {
        name: 'XAdES',
        file: { kind: 'xades', level, signature: write('a.xml', xml), data },
        changed: { kind: 'xades', level, signature: write('b.xml', replace(xml, inXml)), data },
        expected: [byText],
      },
      {
        name: 'JAdES',
        file: { kind: 'jades', level, signature: write('a.json', json), data },
        changed: {
          ...{ kind: 'jades', level, data },
          signature: write('b.json', replace(json, header, otherHeader)),
        },
        expected: [byText],
      },
      {
        name: 'PAdES',
        file: { kind: 'pdf', level, signature: write('a.pdf', pdf) },
        changed: {
          ...{ kind: 'pdf', level },
          signature: write('b.pdf', replace(pdf, byHex(ROLE), byHex(ROLE.replace('KT.', 'TL.')))),
        },
        expected: [
          {
            commitments: [OID],
            roles,
            location: `${city}, ${province}, ${postalCode}, ${country}`,
          },
        ],
      },
      {
        name: 'ASiC-E with CAdES',
        file: within(
          'a.asice',
          'asic-cades',
          await signAsic(files, { ...options, level, signatures: 'CAdES' }),
        ),
        expected: [byCms],
      },
      {
        name: 'ASiC-E with XAdES, on another',
        file: within(
          ...(['b.asice', 'asic-xades'] as const),
          await counterSignAsic(await signAsic(files, { signer: other, level, timestamp }), {
            ...options,
            level,
          }),
        ),
        expected: [{ commitments: [], roles: [] }, byText],
      },
    ]
  }

  /** What no schema allows: the role before the place, a field that is misspelt. */
  function disorder({ name, file }: Case): readonly Pick<Case, 'name' | 'file'>[] {
    if (name !== 'XAdES' && name !== 'JAdES') return []
    const text = readFileSync(file.signature, 'utf8')
    const spoilt = text
      .replace(
        /(<xades:SignatureProductionPlaceV2>.*)(<xades:SignerRoleV2>.*<.xades:SignerRoleV2>)/,
        '$2$1',
      )
      .replace(/(?<="protected":")[^"]+/, (header) =>
        encode(decode(header).replace('addressLocality', 'addressTown')),
      )
    const signature = write(`spoilt-${path.basename(file.signature)}`, Buffer.from(spoilt))
    return [{ name: `${name}, disordered`, file: { ...file, signature } }]
  }

  /** Another role, of the same length, in the place of the one that was signed. */
  function replace(bytes: Uint8Array, text: string, by = text.replace('KT.', 'TL.')): Buffer {
    const copy = Buffer.from(bytes)
    const at = copy.indexOf(text)
    if (at < 0 || Buffer.byteLength(by) !== Buffer.byteLength(text)) throw new Error('no such role')
    copy.write(by, at)
    return copy
  }

  it('is accepted by all who know the format, at the level that was asked for', () => {
    for (const { name, file } of cases) {
      const said = found.get(file.signature)!
      expect
        .soft(
          said.filter((one) => !one.endsWith(': accepted')),
          name,
        )
        .toEqual([])
      expect.soft(said.length, name).toBeGreaterThanOrEqual(3)
    }
  })

  it('is what DSS reads, right by its schemas', () => {
    for (const { name, expected } of cases) {
      const signatures = read.get(name)!
      expect.soft(signatures, name).toMatchObject(expected)
      expect
        .soft(
          signatures.flatMap(({ structure }) => structure),
          name,
        )
        .toEqual([])
    }
  })

  it('is not right by DSS’s schemas where it stands otherwise than it should', () => {
    for (const name of ['XAdES, disordered', 'JAdES, disordered']) {
      const [signature, ...others] = read.get(name)!
      expect(others).toEqual([])
      expect(signature!.structure.length, name).toBeGreaterThan(0)
    }
  })

  it('is refused where it was changed, by each who looks at signatures', () => {
    const blind = ['qpdf']
    const changed = cases.flatMap(({ name, changed }) => (changed ? [{ name, changed }] : []))
    expect(changed.map(({ name }) => name)).toEqual(['CAdES', 'XAdES', 'JAdES', 'PAdES'])
    for (const { name, changed: file } of changed) {
      const said = found.get(file.signature)!
      const accepting = said.filter((one) => one.endsWith(': accepted'))
      expect
        .soft(
          accepting.filter((one) => !blind.includes(one.split(':')[0]!)),
          name,
        )
        .toEqual([])
    }
  })
})
