import { describe, expect, it } from 'vitest'
import { ONE_PAGE, tableFile } from '../../../../test/helpers/pdf-file.ts'
import { openPdf } from '../pdf/document.ts'
import { unlock } from './unlock.ts'

const O = '00'.repeat(48)
const FILTER = '/StdCF << /CFM /AESV2 >>'

/** What opening says to a document of this encryption dictionary. */
async function openWith(encryption: string, trailer = '/Encrypt 4 0 R'): Promise<unknown> {
  const file = tableFile({ ...ONE_PAGE, 4: `<< ${encryption} >>` }, trailer)
  const opening = openPdf(file, (found, resolve) => unlock(found, resolve, undefined))
  return opening.then(
    () => 'opened',
    (error: unknown) => error,
  )
}

describe('an encryption dictionary', () => {
  const standard = `/Filter /Standard /O <${O}> /U <${O}> /P -4`

  it.each<[string, string, string]>([
    ['a public-key handler', '/Filter /Adobe.PubSec /V 4', 'encryption by Adobe.PubSec'],
    ['no handler', '/V 4', 'encryption by no handler'],
    ['an unpublished algorithm', `${standard} /V 3 /R 3`, 'encryption V 3 R 3'],
    ['a later algorithm', `${standard} /V 6 /R 7`, 'encryption V 6 R 7'],
    ['a MAC', `${standard} /V 4 /R 4 /KDFSalt <00>`, 'encryption with a MAC (ISO/TS 32004)'],
    ['no such crypt filter', `${standard} /V 4 /R 4 /StmF /StdCF`, 'crypt filter StdCF'],
    [
      'AES-128 where a key has 256 bits',
      `${standard} /V 5 /R 6 /OE <${O}> /UE <${O}> /Perms <${O}> /CF << ${FILTER} >> /StmF /StdCF`,
      'crypt filter StdCF',
    ],
  ])('of %s is refused by name', async (_, encryption, feature) => {
    expect(await openWith(encryption)).toMatchObject({
      code: 'FORMAT_UNSUPPORTED',
      details: { feature },
    })
  })

  it.each<[string, string, string]>([
    ['/O', `/Filter /Standard /V 1 /R 2 /P -4 /U <${O}>`, '/O of 32 bytes'],
    ['/U', `/Filter /Standard /V 1 /R 2 /P -4 /O <${O}> /U <00>`, '/U of 32 bytes'],
    ['/P', `/Filter /Standard /V 1 /R 2 /O <${O}> /U <${O}>`, '/P as an integer'],
    ['/Length', `${standard} /V 2 /R 3 /Length 132`, '/Length of 40 to 128 bits'],
    ['/OE', `${standard} /V 5 /R 6`, '/OE of 32 bytes'],
  ])('without a sound %s is refused as damaged', async (_, encryption, expected) => {
    expect(await openWith(encryption)).toMatchObject({
      code: 'FORMAT_MALFORMED',
      details: { what: 'encryption', expected },
    })
  })

  it('that no password opens asks for one', async () => {
    expect(await openWith(`${standard} /V 2 /R 3 /Length 128`)).toMatchObject({
      code: 'FORMAT_PASSWORD',
      details: { reason: 'missing' },
    })
  })

  it('that is none, or that a MAC protects, is refused', async () => {
    expect(await openWith('', '/Encrypt []')).toMatchObject({ code: 'FORMAT_MALFORMED' })
    expect(await openWith(standard, '/Encrypt 4 0 R /AuthCode <<>>')).toMatchObject({
      code: 'FORMAT_UNSUPPORTED',
    })
  })

  it('that only an older trailer names is refused', async () => {
    const file = tableFile(ONE_PAGE, '/Encrypt 4 0 R')
    const older = Buffer.from(file).lastIndexOf('xref\n0 1')
    const start = file.length
    const newer = `xref\n0 0\ntrailer\n<< /Size 4 /Root 1 0 R /Prev ${older} >>\nstartxref\n${start}\n%%EOF\n`
    const both = new Uint8Array(Buffer.concat([file, Buffer.from(newer)]))
    const opening = openPdf(both, (found, resolve) => unlock(found, resolve, undefined))
    await expect(opening).rejects.toMatchObject({
      details: { feature: 'encryption of a part of the revisions' },
    })
    await expect(openPdf(both)).rejects.toMatchObject({ details: { feature: 'encryption' } })
  })
})
