/**
 * What veraPDF says of archival documents once they are signed: PDF/A is PDF/A still, and what is accessible stays so, with
 * signatures that are seen and such as are not, and with all that B-LTA adds.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { certifiedCopy, organisationSeal, personalSignature } from '@trien/sdk/appearance'
import { type Bytes, concatBytes } from '@trien/sdk/bytes'
import { isSigningError } from '@trien/sdk/errors'
import { signPdf } from '@trien/sdk/pades'
import { addSignatureField } from '@trien/sdk/signature-field'
import type { Authorities, Signer, TimestampSource } from '@trien/sdk/types'
import { upgrade } from '@trien/sdk/upgrade'
import { openForm } from '../../packages/sdk/src/pades/append-signature.ts'
import { addField } from '../../packages/sdk/src/pades/field.ts'
import { CORPUS } from '../helpers/pdf-corpus.ts'
import { type ArchivalWish, archivalFile } from '../helpers/pdfa-file.ts'
import { createTestAuthority } from '../helpers/pki.ts'
import { encodePng } from '../helpers/png-file.ts'
import { describePdfs } from '../helpers/referees/pyhanko.ts'
import {
  type ArchivalFile,
  type Flavour,
  judgeByVeraPdf,
  missingVeraPdf,
} from '../helpers/referees/verapdf.ts'
import { drawSeal } from '../helpers/seal-picture.ts'
import { softwareSignerOf } from '../helpers/software-signer.ts'

const missing = missingVeraPdf()
if (missing !== undefined) {
  if (process.env['CI']) throw new Error(`${missing} is missing`)
  console.warn(`SKIPPED: ${missing} is missing`)
}

const folder = mkdtempSync(path.join(tmpdir(), 'trien-archival-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let signer: Signer
let timestamp: TimestampSource
let authorities: Authorities
beforeAll(async () => {
  const authority = createTestAuthority(folder)
  signer = await softwareSignerOf(authority.issue('P-256', 'signer'), 'ES256', authority)
  timestamp = authority.openTimestamps()
  authorities = authority.openAuthorities()
})

/** Of others: what they claim to be, they are. */
const THEIRS: Readonly<Record<string, Flavour>> = {
  'pdfjs/issue5747.pdf': '1b',
  'pdfjs/bug2013793.pdf': '3a',
  'pdfjs/bug1997343.pdf': '4f',
  'safedocs/CompactedPDFSyntaxMatrix.pdf': '3a',
  'pyhanko/minimal-pdf-ua-and-a.pdf': 'ua1',
}
/** Of ours, with an output intent and without. */
const OURS: readonly (readonly [ArchivalWish['flavour'], hasOutputIntent: boolean])[] = [
  ...(['1a', '1b', '2b', '2u', '3a', '4', 'ua1'] as const).map(
    (flavour) => [flavour, true] as const,
  ),
  ...(['1b', '2b'] as const).map((flavour) => [flavour, false] as const),
]

interface Sample {
  readonly name: string
  readonly flavour: Flavour
  readonly pdf: Bytes
}
const SAMPLES: readonly Sample[] = [
  ...OURS.map(([flavour, hasOutputIntent]) => ({
    name: `${flavour}${hasOutputIntent ? '' : ' without an output intent'}`,
    ...{ flavour, pdf: archivalFile({ flavour, hasOutputIntent }) },
  })),
  ...Object.entries(THEIRS)
    .filter(([file]) => existsSync(path.join(CORPUS, file)))
    .map(([file, flavour]) => ({
      ...{ name: file, flavour },
      pdf: new Uint8Array(readFileSync(path.join(CORPUS, file))),
    })),
]

const opaque = encodePng({ width: 40, height: 20, at: (x) => [x * 6, 0, 120] })
const AT = { x: 100, y: 100, width: 40, height: 20 }
const copy = certifiedCopy({ form: 'SAO Y', agency: 'Ủy ban nhân dân phường Hoa Sữa' })

/** What is shown in a field that has its place. */
const { content } = personalSignature({ image: opaque, within: AT })
const appearance = { content }

/** The same document with fields for two, and their names. */
async function prepare(pdf: Bytes): Promise<readonly [Bytes, string, string]> {
  const form = await addSignatureField(pdf, { name: 'Duyet', at: AT })
  const both = await addSignatureField(form, { name: 'Dau', page: 'last', at: AT })
  return [both, 'Duyet', 'Dau']
}

/** Ways to sign each. */
const WAYS: Readonly<Record<string, (sample: Sample) => Promise<Bytes>>> = {
  'not signed': ({ pdf }) => Promise.resolve(pdf),
  invisibly: ({ pdf }) => signPdf(pdf, { signer }),
  'with words': ({ pdf }) => signPdf(pdf, { signer, appearance: copy }),
  'with a picture': ({ pdf }) =>
    signPdf(pdf, { signer, appearance: personalSignature({ image: opaque, within: AT, page: 1 }) }),
  'with a transparent picture': ({ pdf }) => {
    const hand = personalSignature({ image: opaque, within: AT, page: 1 })
    return signPdf(pdf, {
      signer,
      appearance: organisationSeal({ image: drawSeal(), over: hand }),
    })
  },
  'twice, in fields that were added first': async ({ pdf }) => {
    const [form, ...names] = await prepare(pdf)
    let signed = form
    for (const fieldName of names) signed = await signPdf(signed, { signer, fieldName, appearance })
    return signed
  },
  'on the last page to B-LTA, and renewed': async ({ pdf }) => {
    const last = { ...copy, page: 'last' } as const
    const options = { signer, appearance: last, level: 'B-LTA', timestamp, authorities } as const
    const signed = await signPdf(pdf, options)
    return upgrade(await signPdf(signed, { signer }), { to: 'B-LTA', timestamp, authorities })
  },
}

/** Refused before anybody signs. */
const NOT_TRANSPARENT = [
  ...['1a', '1b', '1b without an output intent', 'pdfjs/issue5747.pdf'].map(
    (name) => `${name}: transparent pictures in PDF/A-1`,
  ),
  '2b without an output intent: transparent pictures without an output intent in PDF/A-2',
]

function reasonOf(error: unknown): string {
  if (!isSigningError(error) || error.code !== 'FORMAT_UNSUPPORTED') throw error
  return String(error.details['feature'])
}

/** What became of each sample, signed in each way. */
interface Outcome {
  readonly way: string
  readonly name: string
  /** Why it was not signed, or what veraPDF finds wrong with it. */
  readonly refusal?: string
  readonly broken?: string
}

describe.runIf(missing === undefined)('an archival document', () => {
  const outcomes: Outcome[] = []

  beforeAll(async () => {
    const signed: (ArchivalFile & { readonly way: string; readonly name: string })[] = []
    for (const [way, sign] of Object.entries(WAYS)) {
      for (const [index, sample] of SAMPLES.entries()) {
        const { name, flavour } = sample
        const pdf = await sign(sample).catch(reasonOf)
        const file = path.join(folder, `${index}-${way.replaceAll(/\W+/g, '-')}.pdf`)
        if (typeof pdf === 'string') outcomes.push({ way, name, refusal: pdf })
        else {
          writeFileSync(file, pdf)
          signed.push({ way, name, flavour, file })
        }
      }
    }
    const verdicts = await judgeByVeraPdf(signed)
    for (const [index, { way, name }] of signed.entries()) {
      const { accepted, summary } = verdicts[index]!
      outcomes.push({ way, name, ...(accepted ? {} : { broken: summary }) })
    }
  })

  test.each(Object.keys(WAYS))('signed %s is one still', (wanted) => {
    const found = outcomes.filter(({ way }) => way === wanted)
    expect(found).toHaveLength(SAMPLES.length)
    const say = (key: 'broken' | 'refusal') =>
      found.flatMap((one) => (one[key] === undefined ? [] : [`${one.name}: ${one[key]}`]))
    expect(say('broken')).toEqual([])
    const refused = wanted === 'with a transparent picture' ? NOT_TRANSPARENT : []
    const isHere = (line: string) => SAMPLES.some(({ name }) => line.startsWith(`${name}:`))
    expect(say('refusal').sort()).toEqual(refused.filter(isHere).sort())
  })

  test('whose structure the first signature changed has it as it was in the second', async () => {
    const pdf = archivalFile({ flavour: 'ua1' })
    const at = { ...AT, y: 200 }
    const block = personalSignature({ image: opaque, within: at, page: 1 })
    const once = await signPdf(pdf, { signer, appearance: copy })
    const twice = await signPdf(once, { signer, appearance: block })
    expect(await changesOf(twice)).toEqual(['FORM_FILLING', 'NONE'])
    const tagged = concatBytes(once, await tagAsIfUnsigned(once))
    expect(await changesOf(tagged)).toEqual(['BREACH'])
  })

  test.each([undefined, 2] as const)(
    'with fields for two takes both signatures in their places, certified %s',
    async (certify) => {
      const [form, first, second] = await prepare(archivalFile({ flavour: 'ua1' }))
      const once = await signPdf(form, { signer, fieldName: first, appearance, certify })
      const twice = await signPdf(once, { signer, fieldName: second, appearance })
      expect(await changesOf(twice)).toEqual(['FORM_FILLING', 'NONE'])
    },
  )
})

/** What pyHanko says was changed after each signature. */
async function changesOf(pdf: Bytes) {
  const file = path.join(folder, 'changed.pdf')
  writeFileSync(file, pdf)
  const [facts] = await describePdfs([{ file }])
  if (facts === undefined || 'error' in facts) throw new Error(JSON.stringify(facts))
  return facts.signatures.map((each) => {
    if ('error' in each) return each.error
    expect(each.intact).toBe(true)
    return each.docmdpOk === true ? each.modification : 'BREACH'
  })
}

/** A field that is tagged in spite of the signatures that there are. */
async function tagAsIfUnsigned(pdf: Bytes): Promise<Bytes> {
  const place = await openForm(pdf, { password: undefined })
  await addField({ ...place, fields: [] }, 'Moi', {}, undefined)
  return (await place.revision.encode()).bytes
}
