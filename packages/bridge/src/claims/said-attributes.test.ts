import { describe, expect, test } from 'vitest'
import { compareBytes, encodeUtf8, parseHex } from '@trien/sdk/bytes'
import { CONTENT, judgeClaims } from '../../../../test/helpers/judge-claims.ts'
import { certificate, sha256 } from '../../../../test/helpers/xml-signature.ts'
import { encodeElement as der, encodeOid as oid } from '../der/writer.ts'

describe('what CMS says beside the time', () => {
  const attribute = (type: string, ...values: Uint8Array[]) =>
    der(0x30, oid(type), der(0x31, ...values))
  const COMMITMENT = '1.2.840.113549.1.9.16.2.16'
  const LOCATION = '1.2.840.113549.1.9.16.2.17'
  // 0.4.0.19122.1.1: the writer shares the first octet.
  const ROLES = der(0x06, parseHex('04008195320101')!)
  const cti = (arc: number) => oid(`1.2.840.113549.1.9.16.6.${arc}`)
  const utf8 = (text: string) => der(0x0c, encodeUtf8(text))
  const printable = (text: string) => der(0x13, encodeUtf8(text))
  const commitment = (...inside: Uint8Array[]) => attribute(COMMITMENT, der(0x30, ...inside))
  const place = (...inside: Uint8Array[]) => attribute(LOCATION, der(0x30, ...inside))
  const lines = (...texts: string[]) => der(0xa2, der(0x30, ...texts.map(utf8)))
  const title = (value: Uint8Array, type = '2.5.4.12') => attribute(type, value)
  const roles = (...titles: Uint8Array[]) =>
    der(0x30, ROLES, der(0x31, der(0x30, der(0xa0, der(0x30, ...titles)))))
  const attributes = (...said: Uint8Array[]) => {
    const all = [
      attribute('1.2.840.113549.1.9.3', oid('1.2.840.113549.1.7.1')),
      attribute('1.2.840.113549.1.9.4', der(0x04, sha256(CONTENT))),
      attribute(
        '1.2.840.113549.1.9.16.2.47',
        der(0x30, der(0x30, der(0x30, der(0x04, sha256(certificate))))),
      ),
      ...said,
    ]
    return der(0x31, ...all.toSorted(compareBytes))
  }
  const saidBy = (...said: Uint8Array[]) =>
    judgeClaims('cms-signed-attributes', attributes(...said))
  const good = [
    commitment(cti(5)),
    place(der(0xa0, printable('VN')), der(0xa1, utf8('Huế')), lines('Thừa Thiên', '530000')),
    roles(title(utf8('TM. UBND')), title(utf8('KT. CHỦ TỊCH'))),
  ]

  test('says what it means, where and as whom', () => {
    expect(saidBy(...good)).toEqual([
      {
        commitment: 'approval',
        place: ['Huế', 'Thừa Thiên', '530000', 'VN'],
        roles: ['TM. UBND', 'KT. CHỦ TỊCH'],
      },
    ])
    expect(saidBy()).toEqual([])
  })

  test.each<[string, Uint8Array]>([
    ['no commitment', commitment()],
    ['a commitment of another list', commitment(cti(7))],
    ['a commitment of no arc', commitment(oid('1.2.840.113549.1.9.16.6'))],
    ['a commitment elsewhere', commitment(oid('1.2.840.113549.1.9.16.5.1'))],
    ['two commitments', commitment(cti(1), cti(2))],
    ['a commitment with qualifiers', commitment(cti(1), der(0x30, der(0x30, oid('1.2.3'))))],
    ['two values', attribute(COMMITMENT, der(0x30, cti(1)), der(0x30, cti(2)))],
    ['no place', place()],
    ['a country that is none', place(der(0xa0, printable('VNM')))],
    ['a country of other letters', place(der(0xa0, printable('vn')))],
    ['a country as other text', place(der(0xa0, utf8('VN')))],
    ['two countries', place(der(0xa0, printable('VN'), printable('LA')))],
    ['fields out of order', place(der(0xa1, utf8('Huế')), der(0xa0, printable('VN')))],
    ['a field twice', place(der(0xa1, utf8('Huế')), der(0xa1, utf8('Vinh')))],
    ['a field more', place(der(0xa1, utf8('Huế')), der(0xa3, utf8('x')))],
    ['no line', place(lines())],
    ['three lines', place(lines('a', 'b', 'c'))],
    ['a city as other text', place(der(0xa1, printable('Hue')))],
    ['a city of nothing', place(der(0xa1, utf8('')))],
    ['a city with a line break', place(der(0xa1, utf8('Huế\nNgười ký: ai khác')))],
    ['a city that writes backwards', place(der(0xa1, utf8('a\u202eb')))],
    ['a city that is no UTF-8', place(der(0xa1, der(0x0c, Uint8Array.of(0xc3, 0x28))))],
    ['a very long city', place(der(0xa1, utf8('x'.repeat(129))))],
    ['no role', roles()],
    ['five roles', roles(...Array.from({ length: 5 }, () => title(utf8('x'))))],
    ['a role of another type', roles(title(utf8('x'), '2.5.4.72'))],
    ['a role of two values', roles(attribute('2.5.4.12', utf8('a'), utf8('b')))],
    ['a role in other letters', roles(title(printable('x')))],
    [
      'certified attributes beside them',
      der(
        0x30,
        ROLES,
        der(0x31, der(0x30, der(0xa0, der(0x30, title(utf8('x')))), der(0xa1, der(0x30)))),
      ),
    ],
    ['assertions alone', der(0x30, ROLES, der(0x31, der(0x30, der(0xa2, der(0x30)))))],
    ['the older attribute of roles', attribute('1.2.840.113549.1.9.16.2.18', der(0x30))],
    ['a policy', attribute('1.2.840.113549.1.9.16.2.15', der(0x05))],
  ])('is refused with %s', (_, said) => {
    expect(saidBy(said)).toBe('attributes')
  })

  test('with any byte changed, is refused or is shown otherwise', () => {
    const whole = attributes(...good)
    const shown = JSON.stringify(judgeClaims('cms-signed-attributes', whole))
    for (let offset = 0; offset < whole.length; offset++) {
      for (const value of [0, 0x0a, 0x30, 0xff, whole[offset]! ^ 1, whole[offset]! ^ 32]) {
        if (value === whole[offset]) continue
        const damaged = Uint8Array.from(whole)
        damaged[offset] = value
        const answer = judgeClaims('cms-signed-attributes', damaged)
        expect(typeof answer === 'string' || JSON.stringify(answer) !== shown).toBe(true)
      }
    }
  })
})
