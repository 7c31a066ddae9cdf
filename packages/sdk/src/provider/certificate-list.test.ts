import { describe, expect, it } from 'vitest'
import {
  DAY_MS,
  failure,
  iso,
  listed,
  useScriptedPage,
} from '../../../../test/helpers/scripted-page.ts'
import type { Bridge } from './bridge.ts'

const page = useScriptedPage()

describe('listing certificates', () => {
  it('reads bytes and dates', async () => {
    const [certificate] = await page.list(listed)
    expect(certificate).toMatchObject({
      id: Uint8Array.of(1),
      certificate: Uint8Array.of(0x30, 0),
      chain: [Uint8Array.of(0x30, 1)],
      algorithms: ['ES256', 'ES384'],
      token: { label: 'token' },
      obstacle: undefined,
    })
    expect(certificate!.summary.notAfter.toISOString()).toBe(listed.summary.notAfter)
  })

  it('hides nothing by itself, says what stands in the way, and puts the usable first', async () => {
    const vary = (summary: object): object => ({
      ...listed,
      summary: { ...listed.summary, ...summary },
    })
    const all = [
      vary({ notAfter: iso(-1) }),
      vary({ notBefore: iso(1) }),
      vary({ signsDocuments: false }),
      vary({ holder: 'Trần Thị Bình' }),
    ]
    expect((await page.list(...all)).map(({ obstacle }) => obstacle)).toEqual([
      undefined,
      'expired',
      'not-yet-valid',
      'not-for-documents',
    ])
    const count = async (filter: Parameters<Bridge['listCertificates']>[0]): Promise<number> => {
      const listing = page.bridge.listCertificates(filter)
      await page.peer.answer({ certificates: all })
      return (await listing).length
    }
    expect(await count({ usable: true })).toBe(1)
    expect(await count({ usable: true, validAt: new Date(Date.now() - 5 * DAY_MS) })).toBe(2)
    expect(await count({ holder: 'NGUYỄN'.normalize('NFD') })).toBe(3)
    expect(await count({ issuer: 'other' })).toBe(0)
    expect(await count({ algorithms: ['RS256', 'ES384'] })).toBe(4)
    expect(await count({ algorithms: ['RS256'] })).toBe(0)
  })

  it('says how near the end of each is', async () => {
    const ending = (days: number) => ({
      ...listed,
      summary: { ...listed.summary, notAfter: iso(days) },
    })
    const all = await page.list(ending(40.5), ending(10.5), ending(-10.5))
    expect(all.map(({ validity }) => validity)).toEqual([
      { state: 'valid', daysLeft: 40 },
      { state: 'soon', daysLeft: 10 },
      { state: 'expired', daysLeft: -11 },
    ])
  })

  it('refuses a date that is none', async () => {
    const summary = { ...listed.summary, notAfter: 'soon' }
    await expect(page.list({ ...listed, summary })).rejects.toThrowError(failure('BRIDGE_PROTOCOL'))
  })
})
