import { beforeAll, describe, expect, it } from 'vitest'
import { MIXED, XML, collect, counting, notes, text } from '../../../../test/helpers/batch-items.ts'
import { bytesOf } from '../../../../test/helpers/read-zip.ts'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { codeOf } from '../../../../test/helpers/code-of.ts'
import { EXCEL, zipOffice } from '../../../../test/helpers/office-file.ts'
import { createTimestampAuthority } from '../../../../test/helpers/timestamp-authority.ts'
import { wrongArgument } from '../errors.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import type { Signer, TimestampSource } from '../types.ts'
import {
  type BatchItem,
  type BatchProgress,
  type SignedItem,
  signMany,
  textStore,
} from './batch.ts'

let software: Signer
let timestamp: TimestampSource
beforeAll(async () => {
  software = softwareSigner(await makeCertificate('ES256'))
  timestamp = await createTimestampAuthority()
})

describe('signMany', () => {
  it('asks once for items of all formats and gives each in its own form', async () => {
    const { signer, calls } = counting(software)
    const report = await signMany(MIXED, { signer })
    expect(calls.map(({ length }) => length)).toEqual([MIXED.length])
    expect(report).toMatchObject({ done: MIXED.length, failed: 0 })
    expect(report.items.map(({ id, step }) => [id, step])).toEqual(
      MIXED.map(({ id }) => [id, 'done']),
    )
    const starts = report.items.map(async (item) => {
      const signed = 'signed' in item ? item.signed : undefined
      return String.fromCharCode((await bytesOf(signed!))[0]!)
    })
    expect(await Promise.all(starts)).toEqual(['%', '0', '0', '<', 'e', 'P', 'P'])
  })

  it('shows the signer nothing but requests', async () => {
    const { signer, calls } = counting(software)
    await signMany(MIXED, { signer })
    for (const request of calls[0]!) expect(request).not.toHaveProperty('state')
  })

  it('takes for Office what Office reads, where nobody said which algorithm', async () => {
    const rsa = softwareSigner(await makeCertificate('RS256'))
    const signer: Signer = { ...rsa, algorithms: ['PS256', 'RS256'] }
    const items: BatchItem[] = [{ id: 'sheet', format: 'office', document: zipOffice(EXCEL) }]
    expect(await signMany(items, { signer })).toMatchObject({ done: 1 })
    const { items: outcomes } = await signMany(items, { signer, algorithm: 'PS256' })
    expect(outcomes).toMatchObject([{ error: { code: 'USAGE_UNSUPPORTED_ALGORITHM' } }])
  })

  it('keeps a few documents at a time, and hands each over as soon as it is signed', async () => {
    let open = 0
    let most = 0
    const items = notes(20).map((item) => ({
      ...item,
      async document() {
        most = Math.max(most, ++open)
        await new Promise((resolve) => setTimeout(resolve))
        open -= 1
        return text(item.id)
      },
    }))
    const { handed, onSigned } = collect()
    const report = await signMany(items as BatchItem[], {
      signer: software,
      onSigned,
      concurrency: 3,
    })
    expect(most).toBe(3)
    expect(handed.map(({ id }) => id).sort()).toEqual(items.map(({ id }) => id).sort())
    expect(report.items.every((item) => !('signed' in item))).toBe(true)
  })

  it('tells of every step of every item', async () => {
    const said: BatchProgress[] = []
    await signMany(notes(3), { signer: software, onProgress: (step) => said.push(step) })
    for (const { id } of notes(3)) {
      expect(said.filter((one) => one.id === id).map(({ step }) => step)).toEqual([
        ...['prepared', 'signed', 'done'],
      ])
    }
    expect(said.at(-1)).toMatchObject({ done: 3, failed: 0, total: 3 })
  })

  it('lets no bad item cost the others', async () => {
    const items: BatchItem[] = [
      ...MIXED,
      { id: 'lost', format: 'pdf', document: () => Promise.reject(new RangeError('gone')) },
      { id: 'broken', format: 'pdf', document: text('%PDF-1.7 nothing') },
      { id: 'nothing', format: 'cms', document: () => undefined as never },
      { id: 'wrong', format: 'xml', document: XML, options: { c14n: 'none' as never } },
      {
        id: 'level',
        format: 'xml',
        document: XML,
        options: { level: 'B-T', form: 'vn-einvoice' },
      },
      { id: 'refused', format: 'cms', document: text('x') },
    ]
    const onSigned = ({ id }: SignedItem): void => {
      if (id === 'refused') throw new RangeError('portal')
    }
    const report = await signMany(items, { signer: software, onSigned, timestamp })
    const failed = report.items.flatMap((item) => (item.step === 'failed' ? [item] : []))
    expect(report).toMatchObject({ done: MIXED.length, failed: 6 })
    expect(failed).toMatchObject([
      { id: 'lost', error: new RangeError('gone') },
      { id: 'broken', error: { code: 'FORMAT_MALFORMED' } },
      { id: 'nothing', error: { code: 'USAGE_ARGUMENT' } },
      { id: 'wrong', error: { code: 'USAGE_ARGUMENT' } },
      { id: 'level', error: { code: 'USAGE_ARGUMENT' } },
      { id: 'refused', error: new RangeError('portal') },
    ])
  })

  it('asks again without the item that a signer refuses by name', async () => {
    const { signer, calls } = counting(software, async (requests, options) => {
      const bad = requests.findIndex(({ document }) => document.name === 'xấu')
      if (bad < 0) return software.sign(requests, options)
      throw Object.assign(wrongArgument('requests', 'another'), { details: { item: bad + 1 } })
    })
    const items = notes(4)
    const options = { document: { name: 'xấu' } }
    const report = await signMany([...items, { ...items[0]!, id: 'bad', options } as BatchItem], {
      signer,
    })
    expect(report).toMatchObject({ done: 4, failed: 1 })
    expect(calls.map(({ length }) => length)).toEqual([5, 4])
  })
})

describe('signMany refuses', () => {
  const item = notes(1)[0]!
  it.each<[string, unknown, object]>([
    ['items', 'x', {}],
    ['items', Array.from({ length: 10_001 }), {}],
    ['items[0].id', [{ ...item, id: '' }], {}],
    ['items[0].id', [{ ...item, id: 7 }], {}],
    ['items[1].id', [item, item], {}],
    ['items[0].id', [undefined], {}],
    ['items[0].format', [{ ...item, format: 'constructor' }], {}],
    ['items[0].document', [{ ...item, document: undefined }], {}],
    ['items[0].options', [{ ...item, options: null }], {}],
    ['concurrency', [item], { concurrency: 0 }],
    ['concurrency', [item], { concurrency: 65 }],
    ['store', [item], { store: {} }],
    ['store', [item], { store: new Map([['0', { step: 'away' }]]) }],
    ['onSigned', [item], { onSigned: 'x' }],
    ['onProgress', [item], { onProgress: {} }],
    ['level', [item], { level: 'B-X' }],
    ['level', [{ ...item, options: { level: 'B-X' } }], {}],
    ['timestamp', [{ ...item, options: { level: 'B-T' } }], {}],
    ['authorities', [item], { level: 'B-LT', timestamp: async () => text('') }],
    ['revocation', [item], { revocation: 'x' }],
    ['signer', [item], { signer: undefined }],
  ])('a wrong %s', async (argument, items, change) => {
    const signing = signMany(items as BatchItem[], { signer: software, ...change })
    await expect(signing).rejects.toMatchObject({ code: 'USAGE_ARGUMENT', details: { argument } })
  })

  it('no options at all', async () => {
    expect(await codeOf(signMany([item], undefined as never))).toBe('USAGE_ARGUMENT')
  })

  it.each([
    [undefined, 'x'],
    [{ getItem: 1 }, 'x'],
    [{ getItem: () => null, setItem: () => {} }, ''],
  ])('what keeps no text: %#', (storage, prefix) => {
    expect(() => textStore(storage as never, prefix)).toThrowError(/USAGE_ARGUMENT/)
  })

  it('text that nobody wrote here', async () => {
    const store = textStore({ getItem: () => '{', setItem: () => {} }, 'x')
    expect(await codeOf(signMany([item], { signer: software, store }))).toBe('USAGE_ARGUMENT')
  })
})
