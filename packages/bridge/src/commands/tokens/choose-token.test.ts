import { describe, expect, it } from 'vitest'
import { CommandFailure } from '../../failure.ts'
import type { SeenToken } from '../../token/types.ts'
import { type TokenPlace, chooseToken } from './choose-token.ts'

interface Shape {
  readonly module?: string
  readonly isGeneric?: boolean
  readonly certificates?: readonly number[]
}

function place(label: string, serial: string, shape: Shape = {}): TokenPlace {
  const { module = 'a.so', isGeneric = false, certificates = [] } = shape
  const token = {
    label,
    manufacturer: isGeneric ? 'other words' : 'maker',
    serial,
    pinState: 'ok' as const,
    protectedAuthentication: false,
  }
  const seen = { token, certificates: certificates.map((id) => ({ id: Uint8Array.of(id) })) }
  return { source: { name: module, isGeneric }, seen: seen as unknown as SeenToken }
}

function choose(places: readonly TokenPlace[], wanted?: string): string {
  try {
    const { source, seen } = chooseToken(places, { wanted, deed: 'unblock', language: 'vi' })
    return `${source.name} ${seen.token.label} ${seen.token.serial}`
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    return `${error.message}; ${error.hint}`
  }
}

const TWO = [place('mot', '01'), place('hai', '02')]

describe('the token that is meant', () => {
  it('is the only one, or the one that is named', () => {
    expect(choose([place('mot', '01')])).toBe('a.so mot 01')
    expect(choose(TWO, '02')).toBe('a.so hai 02')
    expect(choose(TWO, ' mot ')).toBe('a.so mot 01')
    expect(choose([place('Thẻ\u202e  một', '')], 'Thẻ\u202e một')).toContain('Thẻ')
  })

  it('is not guessed: where there are several, they are listed by what tells them apart', () => {
    const said = choose(TWO)
    expect(said).toContain('có 2 thiết bị; hãy nói rõ')
    expect(said).toContain('trien-bridge tokens unblock "01"   (mot, 01)')
    expect(said).toContain('trien-bridge tokens unblock "02"   (hai, 02)')
    const pins = [place('User PIN', '07'), place('Sign PIN', '07')]
    expect(choose(pins, '07')).toContain('unblock "Sign PIN"')
    expect(choose(pins, 'Sign PIN')).toBe('a.so Sign PIN 07')
    expect(choose([place('mot', '01'), place('mot', '01')], '01')).toContain('có 2 thiết bị')
  })

  it('is not another one, and what was typed is not repeated: it may be a PIN', () => {
    expect(choose([], undefined)).toContain('cắm USB token')
    for (const wanted of ['135790', '', ' ', '0']) {
      const said = choose(TWO, wanted)
      expect(said).toMatch(/^không có thiết bị nào/)
      expect(said).not.toContain('135790')
    }
  })

  it('shows once where two modules drive it, by the vendor’s own', () => {
    const generic = { module: 'opensc.so', isGeneric: true, certificates: [1] }
    const own = { module: 'vendor.so', certificates: [1, 2] }
    expect(choose([place('PIV', '99', generic), place('mot', '01', own)])).toBe('vendor.so mot 01')
    expect(choose([place('mot', '01'), place('mot', '01', { module: 'b.so' })])).toBe('a.so mot 01')
    const other = place('PIV', '99', { ...generic, certificates: [3] })
    expect(choose([other, place('mot', '01', own)])).toContain('có 2 thiết bị')
  })
})
