import { beforeAll, describe, expect, it } from 'vitest'
import { MIXED, collect, counting, notes, text } from '../../../../../test/helpers/batch-items.ts'
import { bytesOf } from '../../../../../test/helpers/read-zip.ts'
import { makeCertificate } from '../../../../../test/helpers/certificate.ts'
import { codeOf } from '../../../../../test/helpers/code-of.ts'
import { equalBytes } from '../../bytes.ts'
import { TokenError } from '../../errors.ts'
import { softwareSigner } from '../../provider/webcrypto.ts'
import type { Signer } from '../../types.ts'
import { type BatchItem, type SignedItem, signMany, textStore } from '../batch.ts'

let software: Signer
beforeAll(async () => {
  software = softwareSigner(await makeCertificate('ES256'))
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
      const { signer, calls } = counting(software)
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
    const { signer, calls } = counting(software)
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
    const { signer, calls } = counting(software, async (requests, options) => {
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
    const refusing = counting(software, () => Promise.reject(new TokenError('TOKEN_ABSENT')))
    const store = new Map<string, { at: number }>()
    const options = { store: store as never }
    expect(await codeOf(signMany(notes(2), { ...refusing, ...options }))).toBe('TOKEN_ABSENT')
    store.set('1', { ...store.get('1')!, at: Date.now() - 3_600_000 })
    let read = 0
    const items = notes(2).map((item) => ({ ...item, document: () => (read++, text('khác')) }))
    await signMany(items as BatchItem[], { signer: software, ...options })
    expect(read).toBe(1)
  })

  it('stops where a document is fetched that never comes, and goes on without it', async () => {
    const controller = new AbortController()
    const store = new Map()
    const late: BatchItem = {
      ...{ id: 'late', format: 'cms' },
      document: () => {
        controller.abort()
        return new Promise<never>(() => {})
      },
    }
    const { signal } = controller
    const stopped = signMany([...notes(1), late], { signer: software, store, signal })
    expect(await codeOf(stopped)).toBe('USER_CANCELLED')
    const items = [...notes(1), { ...late, document: text('đến') } as BatchItem]
    expect(await signMany(items, { signer: software, store })).toMatchObject({ done: 2 })
  })

  it('gives up where the store does, and signs no more', async () => {
    const { signer } = counting(software, async (requests, options) => {
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
