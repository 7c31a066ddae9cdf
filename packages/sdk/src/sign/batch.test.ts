import { beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { codeOf } from '../../../../test/helpers/code-of.ts'
import { EXCEL, WORD, zipOffice } from '../../../../test/helpers/office-file.ts'
import { tableFile } from '../../../../test/helpers/pdf-file.ts'
import { createTimestampAuthority } from '../../../../test/helpers/timestamp-authority.ts'
import { type Bytes, encodeUtf8, equalBytes } from '../bytes.ts'
import { TokenError, wrongArgument } from '../errors.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import type { Signer, SigningRequest, TimestampSource } from '../types.ts'
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

const XML = encodeUtf8('<hoSo><ten>Ánh</ten></hoSo>')
const text = (content: string): Bytes => encodeUtf8(content)

/** One item of each format. */
const MIXED: readonly BatchItem[] = [
  { id: 'pdf', format: 'pdf', document: () => tableFile(), options: { reason: 'Duyệt' } },
  { id: 'cms', format: 'cms', document: async () => new Blob([text('một')]) },
  { id: 'p7m', format: 'cms', document: () => text('hai'), options: { detached: false } },
  { id: 'xml', format: 'xml', document: XML },
  { id: 'json', format: 'json', document: () => text('{"số":1}') },
  { id: 'asic', format: 'asic', document: () => [{ name: 'đơn.txt', data: text('ba') }] },
  { id: 'office', format: 'office', document: () => new Blob([zipOffice(WORD)]) },
]
const notes = (count: number): BatchItem[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ id: `${index}`, format: 'cms' as const },
    document: async () => text(`văn bản ${index}`),
  }))

/** A signer that counts how often it was asked, and by whom. */
function counting(sign: Signer['sign'] = (...all) => software.sign(...all)) {
  const calls: (readonly SigningRequest[])[] = []
  const signer: Signer = {
    ...software,
    sign(requests, options) {
      calls.push(requests)
      return sign(requests, options)
    },
  }
  return { signer, calls }
}

function collect() {
  const handed: SignedItem[] = []
  return { handed, onSigned: (item: SignedItem) => void handed.push(item) }
}

const bytesOf = async (signed: Bytes | Blob): Promise<Bytes> =>
  signed instanceof Blob ? new Uint8Array(await signed.arrayBuffer()) : signed

describe('signMany', () => {
  it('asks once for items of all formats and gives each in its own form', async () => {
    const { signer, calls } = counting()
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
    const { signer, calls } = counting()
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
    const { signer, calls } = counting(async (requests, options) => {
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

describe('signMany that goes on', () => {
  /** Everything the run touches outside itself ends at some step, as in a process that was killed there. */
  function killedAt(
    step: number,
    records: Map<string, unknown>,
    world: ReturnType<typeof collect>,
  ) {
    let steps = 0
    const live = (): void => {
      if (++steps > step) throw new Error('killed')
    }
    const act = async <T>(deed: () => T): Promise<T> => {
      live()
      const done = deed()
      // What was done has happened, whether or not anybody lives to hear of it.
      live()
      return done
    }
    return {
      steps: () => steps,
      store: {
        get: (id: string) => act(() => records.get(id)),
        set: (id: string, record: unknown) =>
          act(() => void records.set(id, structuredClone(record))),
      },
      onSigned: (item: SignedItem) => act(() => world.onSigned(item)),
    }
  }

  it('hands over one signature of each item, wherever it was killed', async () => {
    const items = [...MIXED.slice(1, 4), MIXED.at(-1)!]
    let step = 0
    for (let isKilled = true; isKilled; step++) {
      const records = new Map<string, unknown>()
      const world = collect()
      const { signer, calls } = counting()
      const { store, onSigned } = killedAt(step, records, world)
      const first = await codeOf(signMany(items, { signer, store, onSigned }), 'whole')
      const stored = [...records].filter(([, record]) => {
        const { step } = record as { step: string }
        return step === 'signed' || step === 'done'
      })
      calls.length = 0
      const report = await signMany(items, {
        signer,
        store: records as never,
        onSigned: world.onSigned,
      })
      expect(report).toMatchObject({ done: items.length, failed: 0 })
      // The key is not asked for what was stored, and for all else at once.
      expect(calls.flat()).toHaveLength(items.length - stored.length)
      for (const { id } of items) {
        const [one, ...others] = world.handed.filter((handed) => handed.id === id)
        expect(one).toBeDefined()
        for (const other of others) {
          expect(equalBytes(await bytesOf(one!.signed), await bytesOf(other.signed))).toBe(true)
        }
      }
      isKilled = first !== 'whole'
    }
    expect(step).toBeGreaterThan(20)
  })

  it('stops where it is told to, and goes on from text', async () => {
    const texts = new Map<string, string>()
    const storage = {
      getItem: (name: string) => texts.get(name) ?? null,
      setItem: (name: string, value: string) => void texts.set(name, value),
    }
    const store = textStore(storage, 'lô 17:')
    const { signer, calls } = counting()
    const stop = new AbortController()
    const { handed, onSigned } = collect()
    const until = (item: SignedItem): void => {
      onSigned(item)
      if (handed.length === 2) stop.abort()
    }
    const { signal } = stop
    const first = signMany(MIXED, { signer, store, onSigned: until, signal, concurrency: 1 })
    expect(await codeOf(first)).toBe('USER_CANCELLED')
    expect(handed).toHaveLength(2)
    expect([...texts.keys()].every((name) => name.startsWith('lô 17:'))).toBe(true)
    const waiting = [...texts.values()].filter((record) => record.includes('"step":"prepared"'))
    const report = await signMany(MIXED, { signer, store, onSigned })
    expect(report).toMatchObject({ done: MIXED.length, failed: 0 })
    expect(handed.map(({ id }) => id).sort()).toEqual(MIXED.map(({ id }) => id).sort())
    expect(calls.flat()).toHaveLength(MIXED.length + waiting.length)
  })

  it('keeps what a token gave before it was pulled out', async () => {
    const { signer, calls } = counting(async (requests, options) => {
      if (calls.length > 1) return software.sign(requests, options)
      const values = await software.sign(requests.slice(0, 3))
      values.forEach((value, index) => options?.onValue?.(index, value))
      throw new TokenError('TOKEN_REMOVED')
    })
    const { handed, onSigned } = collect()
    const store = new Map()
    expect(await codeOf(signMany(notes(6), { signer, store, onSigned }))).toBe('TOKEN_REMOVED')
    expect(handed).toHaveLength(3)
    await signMany(notes(6), { signer, store, onSigned })
    expect(calls.map(({ length }) => length)).toEqual([6, 3])
    expect(handed.map(({ id }) => id).sort()).toEqual(['0', '1', '2', '3', '4', '5'])
  })

  it('signs as prepared what was stopped at the PIN, and anew what waited too long', async () => {
    const refusing = counting(() => Promise.reject(new TokenError('TOKEN_ABSENT')))
    const store = new Map<string, { at: number }>()
    const options = { store: store as never }
    expect(await codeOf(signMany(notes(2), { ...refusing, ...options }))).toBe('TOKEN_ABSENT')
    store.set('1', { ...store.get('1')!, at: Date.now() - 3_600_000 })
    let read = 0
    const items = notes(2).map((item) => ({ ...item, document: () => (read++, text('khác')) }))
    await signMany(items as BatchItem[], { signer: software, ...options })
    expect(read).toBe(1)
  })

  it('gives up where the store does, and signs no more', async () => {
    const { signer } = counting(async (requests, options) => {
      const values: Uint8Array[] = []
      for (const request of requests) {
        if (options?.signal?.aborted === true) throw new TokenError('TOKEN_ABSENT')
        values.push(...(await software.sign([request])))
        options?.onValue?.(values.length - 1, values.at(-1)!)
        await new Promise((resolve) => setTimeout(resolve))
      }
      throw new Error('the store had failed')
    })
    const records = new Map()
    const store = {
      get: (id: string) => records.get(id),
      set(id: string, record: { step: string }) {
        if (record.step === 'signed') throw new RangeError('quota')
        records.set(id, record)
      },
    }
    await expect(signMany(notes(5), { signer, store })).rejects.toThrowError(
      new RangeError('quota'),
    )
  })
})

describe('levels of a batch', () => {
  it('are built after the key has signed all, and a slow authority holds nobody up', async () => {
    let isSigned = false
    const { signer } = counting(async (...all) => {
      const values = await software.sign(...all)
      isSigned = true
      return values
    })
    const slow: TimestampSource = async (...asked) => {
      // With values told as they come, the first stamp is asked for while others are still being signed.
      while (!isSigned) await new Promise((resolve) => setTimeout(resolve))
      return timestamp(...asked)
    }
    const options = { signer, level: 'B-T', timestamp: slow, concurrency: 1 } as const
    expect(await signMany(MIXED, options)).toMatchObject({ done: MIXED.length, failed: 0 })
  })

  it('are tried again without the key', async () => {
    const { signer, calls } = counting()
    const store = new Map()
    const silent: TimestampSource = () => Promise.reject(new Error('down'))
    const first = await signMany(MIXED, { signer, store, level: 'B-T', timestamp: silent })
    expect(first).toMatchObject({ done: 0, failed: MIXED.length })
    for (const item of first.items) {
      expect(item).toMatchObject({ error: { code: 'TRUST_TIMESTAMP', signed: expect.anything() } })
    }
    expect(store.get('pdf')).toMatchObject({ step: 'signed', failure: { code: 'TRUST_TIMESTAMP' } })
    const second = await signMany(MIXED, { signer, store, level: 'B-T', timestamp })
    expect(second).toMatchObject({ done: MIXED.length, failed: 0 })
    expect(calls).toHaveLength(1)
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
