/**
 * Signature wrapping, attack by attack, on files that we signed. Verifiers of XML Signature know octets and not meanings,
 * and take some of these files. Where they do, what they say was signed must be what was signed; and who signs by default
 * signs the whole file, in which nothing can be put beside it.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeUtf8 } from '@trien/sdk/bytes'
import { signXml } from '@trien/sdk/xades'
import { codeOf } from '../helpers/code-of.ts'
import { type Referee, type SignedFile, presentReferees } from '../helpers/referees/index.ts'
import { jdkXml } from '../helpers/referees/jdk-xml.ts'
import { lxml } from '../helpers/referees/lxml.ts'
import { findProgram, runTool } from '../helpers/referees/tool.ts'
import { xmlsec } from '../helpers/referees/xmlsec.ts'
import { createSignerDesk } from '../helpers/xml/signer-desk.ts'

const SOURCE = '<đơn><mục Id="muc-1">Cấp phép cho ông A</mục></đơn>'
const GENUINE = 'Cấp phép cho ông A'
const FORGED = 'Cấp phép cho bà B'
const PART = /<mục.*<\/mục>/s
const SIGNATURE = /<ds:Signature .*<\/ds:Signature>/s
const forgedPart = (id: string) => `<mục Id="${id}">${FORGED}</mục>`
/** Puts something at the end of the signature, where nothing is signed. */
const intoSignature = (text: string, added: string) =>
  text.replace(/<\/ds:Signature>(?!.*<\/ds:Signature>)/s, `${added}</ds:Signature>`)

type Attack = readonly [name: string, forge: (text: string) => string]

/** None of these is a good signature any more. */
const REFUSED: Readonly<Record<'whole' | 'part', readonly Attack[]>> = {
  whole: [
    ['another text', (text) => text.replace(GENUINE, FORGED)],
    ['a second element beside the first', (text) => text.replace(PART, `$&${forgedPart('muc-2')}`)],
    ['a second root', (text) => `${text}<đơn>${forgedPart('muc-2')}</đơn>`],
    ['a root around the root', (text) => `<gói>${forgedPart('muc-2')}${text}</gói>`],
    [
      'the root moved into the signature, another in its place',
      (text) => {
        const [signature = ''] = SIGNATURE.exec(text)!
        const moved = intoSignature(
          signature,
          `<ds:Object>${text.replace(SIGNATURE, '')}</ds:Object>`,
        )
        return `<đơn>${forgedPart('muc-1')}${moved}</đơn>`
      },
    ],
    [
      'the signature moved to another file',
      (text) => `<đơn>${forgedPart('muc-1')}${SIGNATURE.exec(text)![0]}</đơn>`,
    ],
    [
      'a namespace that gives names another meaning',
      (text) => text.replace('<đơn', '<đơn xmlns="urn:x"'),
    ],
    [
      'a prefix that is another',
      (text) => text.replaceAll('/2000/09/xmldsig#"', '/2000/09/xmldsig"'),
    ],
    ['a property that says another time', (text) => text.replace(/(SigningTime>)20../, '$11999')],
    [
      'the properties moved, others in their place',
      (text) => {
        const [properties = ''] = /<xades:SignedProperties.*<\/xades:SignedProperties>/s.exec(text)!
        const other = properties.replace(/(SigningTime>)20../, '$11999')
        return intoSignature(
          text.replace(properties, other),
          `<ds:Object>${properties}</ds:Object>`,
        )
      },
    ],
  ],
  part: [
    ['another text', (text) => text.replace(GENUINE, FORGED)],
    ['a second root', (text) => `${text}<đơn/>`],
    ['a part that is taken away', (text) => text.replace(PART, '')],
    ['a part of another Id', (text) => text.replace('Id="muc-1"', 'Id="muc-2"')],
  ],
}

/** Of these the octets that were signed are still there: no verifier of octets can tell. */
const SAME_OCTETS: Readonly<Record<'whole' | 'part', readonly Attack[]>> = {
  whole: [
    ['a comment in the text', (text) => text.replace('cho ông', 'cho<!-- bà B --> ông')],
    ['a namespace that nobody uses', (text) => text.replace('<đơn', '<đơn xmlns:x="urn:x"')],
    [
      'something in the signature',
      (text) => intoSignature(text, `<ds:Object>${forgedPart('muc-2')}</ds:Object>`),
    ],
  ],
  part: [
    [
      'the part moved into the signature, another in its place',
      (text) => {
        const [part = ''] = PART.exec(text)!
        return intoSignature(
          text.replace(PART, forgedPart('muc-2')),
          `<ds:Object>${part}</ds:Object>`,
        )
      },
    ],
    [
      'the part moved into a wrapper',
      (text) => text.replace(PART, `<cũ>$&</cũ>${forgedPart('muc-2')}`),
    ],
  ],
}

const referees = presentReferees([jdkXml, xmlsec, lxml])
const folder = mkdtempSync(path.join(tmpdir(), 'trien-wrapping-'))
const desk = createSignerDesk(path.join(folder, 'pki'))
const signed: Record<'whole' | 'part', string> = { whole: '', part: '' }
let count = 0

function write(text: string): SignedFile {
  const signature = path.join(folder, `${++count}.xml`)
  writeFileSync(signature, text)
  return { kind: 'xades', signature, tampered: signature }
}

/** Which of some files a referee accepts: by names. */
async function listAccepted(
  referee: Referee,
  texts: readonly (readonly [name: string, text: string])[],
): Promise<readonly string[]> {
  const verdicts = await referee.judge(
    texts.map(([, text]) => write(text)),
    desk.caFile,
  )
  return texts.flatMap(([name], index) => (verdicts[index]!.accepted ? [name] : []))
}

/** All that xmlsec1 says was signed; undefined where it refuses the file. */
async function readSigned(text: string): Promise<string | undefined> {
  const { status, stdout, stderr } = await runTool('xmlsec1', [
    ...['--verify', '--store-references', '--print-debug', '--enabled-key-data', 'x509'],
    ...['--trusted-pem', desk.caFile, '--id-attr:Id', 'SignedProperties', '--id-attr:Id', 'mục'],
    write(text).signature,
  ])
  if (status !== 0) return undefined
  const parts = [
    ...`${stdout}${stderr}`.matchAll(
      /PreDigest data - start buffer:\n(.*?)\n== PreDigest data - end buffer/gs,
    ),
  ]
  return parts.map(([, part]) => part).join('\n')
}

beforeAll(async () => {
  const signer = await desk.signer()
  signed.whole = new TextDecoder().decode(await signXml(encodeUtf8(SOURCE), { signer }))
  const options = { signer, target: 'muc-1' }
  signed.part = new TextDecoder().decode(await signXml(encodeUtf8(SOURCE), options))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(['whole', 'part'] as const)('a signature over the %s', (what) => {
  it.each(referees)('is accepted by $name, and refused after each attack', async (referee) => {
    const forged = REFUSED[what].map(([name, forge]) => [name, forge(signed[what])] as const)
    expect(forged.filter(([, text]) => text === signed[what])).toEqual([])
    const all = [['as it was signed', signed[what]] as const, ...forged]
    expect(await listAccepted(referee, all)).toEqual(['as it was signed'])
  })

  it.runIf(findProgram('xmlsec1')).each(SAME_OCTETS[what])(
    'is over what was signed, and nothing else, in spite of %s',
    async (_, forge) => {
      const forged = forge(signed[what])
      expect(forged).not.toBe(signed[what])
      const octets = await readSigned(signed[what])
      expect(octets).toContain(GENUINE)
      // xmlsec1 refuses a part that lies in its signature, which others take away after they found the part.
      expect([octets, undefined]).toContain(await readSigned(forged))
    },
  )
})

describe('an Id that two elements have', () => {
  const forge = () => signed.part.replace(PART, `${forgedPart('muc-1')}$&`)

  it.each(referees.filter(({ name }) => name !== 'jdk'))(
    'is refused by $name, which reads Ids strictly',
    async (referee) => {
      expect(await listAccepted(referee, [['two of one Id', forge()]])).toEqual([])
    },
  )

  it('is not signed, nor a signature beside it added', async () => {
    const signer = await desk.signer()
    const bytes = encodeUtf8(forge())
    for (const options of [{ target: 'muc-1' }, { moreSignatures: true }]) {
      expect(await codeOf(signXml(bytes, { signer, ...options }))).toBe('FORMAT_NOT_ALLOWED')
    }
  })
})
