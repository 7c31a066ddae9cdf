import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { parseHex } from '@trien/sdk/bytes'
import { normalizeEcdsa } from './signature-value.ts'

const message = new TextEncoder().encode('giá trị chữ ký')
const hex = (text: string) => parseHex(text.replaceAll(' ', ''))!

test('r‖s and DER of every curve come to the same form', () => {
  for (const curve of ['P-256', 'P-384', 'P-521'] as const) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: curve })
    const key = createPublicKey(privateKey)
    for (const dsaEncoding of ['der', 'ieee-p1363'] as const) {
      for (let round = 0; round < 20; round++) {
        const value = normalizeEcdsa(
          sign('sha256', message, { key: privateKey, dsaEncoding }),
          curve,
        )
        const isGood = verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, value!)
        expect(isGood, `${curve} ${dsaEncoding}`).toBe(true)
      }
    }
  }
})

test('leading zeros that DER leaves out come back', () => {
  const r = '0102'.padStart(64, '0')
  const s = 'ffab'.padStart(64, '0')
  const expected = hex(r + s)
  expect(normalizeEcdsa(hex('3009 0202 0102 0203 00ffab'), 'P-256')).toEqual(expected)
})

test('what is neither is no signature', () => {
  const wide = `0221${'7f'.repeat(33)}`
  for (const value of ['', '01', '0102ffab', `3026${wide}020101`, '00'.repeat(66), '3003020101']) {
    expect(normalizeEcdsa(hex(value), 'P-256'), value).toBeUndefined()
  }
})
