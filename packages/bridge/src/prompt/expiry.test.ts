import { judgeValidity } from '@trien/sdk/wire'
import { expect, it } from 'vitest'
import { wordExpiry } from './expiry.ts'

const NOT_AFTER = '2026-12-31T12:00:00.000Z'
const dates = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date(NOT_AFTER) }
const wordAt = (day: string, language: 'vi' | 'en'): string | undefined =>
  wordExpiry(
    { issuer: 'VNPT-CA\u202e', notAfter: NOT_AFTER, validity: judgeValidity(dates, new Date(day)) },
    language,
  )

it.each([
  ['2026-12-01T12:00:00Z', undefined, undefined],
  [
    '2026-12-01T12:00:01Z',
    'Chứng thư số sẽ hết hạn ngày 31/12/2026, còn 29 ngày. Hãy gia hạn tại nhà cung cấp VNPT-CA\uFFFD.',
    'The certificate expires on 2026-12-31, in 29 days. Have it renewed by VNPT-CA\uFFFD.',
  ],
  [
    '2026-12-30T00:00:00Z',
    'Chứng thư số sẽ hết hạn ngày 31/12/2026, còn 1 ngày. Hãy gia hạn tại nhà cung cấp VNPT-CA\uFFFD.',
    'The certificate expires on 2026-12-31, in one day. Have it renewed by VNPT-CA\uFFFD.',
  ],
  [
    NOT_AFTER,
    'Chứng thư số sẽ hết hạn trong vòng 24 giờ tới (ngày 31/12/2026). Hãy gia hạn tại nhà cung cấp VNPT-CA\uFFFD.',
    'The certificate expires within 24 hours (2026-12-31). Have it renewed by VNPT-CA\uFFFD.',
  ],
  [
    '2026-12-31T12:00:01Z',
    'CHỨNG THƯ SỐ ĐÃ HẾT HẠN từ ngày 31/12/2026: nơi nhận có thể không chấp nhận chữ ký này. Hãy gia hạn tại nhà cung cấp VNPT-CA\uFFFD.',
    'THE CERTIFICATE EXPIRED on 2026-12-31: the signature may not be accepted. Have it renewed by VNPT-CA\uFFFD.',
  ],
  [
    '2025-12-31T00:00:00Z',
    'Chứng thư số CHƯA CÓ HIỆU LỰC. Hãy kiểm tra ngày giờ của máy.',
    'The certificate IS NOT VALID YET. Check the date of this computer.',
  ],
])('at %s the end of a certificate is announced in both languages', (day, vi, en) => {
  expect(wordAt(day, 'vi')).toBe(vi)
  expect(wordAt(day, 'en')).toBe(en)
})
