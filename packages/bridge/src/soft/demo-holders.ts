/**
 * Who the demo's certificates are made out to: nobody who exists, and every name says DEMO.
 * @module
 */
import type { NameAttributes } from './authority.ts'

/** A person or body, and the kind of key it holds. */
export interface DemoHolder {
  readonly subject: NameAttributes
  readonly validDays: number
  readonly key:
    | { readonly type: 'RSA'; readonly modulusBits: 2048 }
    | { readonly type: 'EC'; readonly curve: 'P-256' | 'P-384' }
}

const C = '2.5.4.6'
const L = '2.5.4.7'
const O = '2.5.4.10'
const OU = '2.5.4.11'
const CN = '2.5.4.3'
const TITLE = '2.5.4.12'
/** UID, with a prefix in its value as Vietnamese issuers write it. */
const UID = '0.9.2342.19200300.100.1.1'

export const AUTHORITY_NAME: NameAttributes = [
  [C, 'VN'],
  [O, 'TRIEN DEMO'],
  [CN, 'TRIEN DEMO CA – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ'],
]

/** An official, a citizen, an organisation: the three who meet at a public-service portal. */
export const HOLDERS: readonly DemoHolder[] = [
  {
    subject: [
      [C, 'VN'],
      [L, 'Hà Nội'],
      [O, 'UBND phường Hoa Sữa (DEMO)'],
      [OU, 'Bộ phận Một cửa'],
      [TITLE, 'Phó Chủ tịch'],
      [CN, 'Nguyễn Thị Minh Nguyệt (DEMO)'],
    ],
    validDays: 60,
    key: { type: 'RSA', modulusBits: 2048 },
  },
  {
    subject: [
      [C, 'VN'],
      [L, 'Thành phố Huế'],
      [UID, 'CCCD:000000000000'],
      [CN, 'Trần Đức Hòa (DEMO)'],
    ],
    validDays: 60,
    key: { type: 'EC', curve: 'P-256' },
  },
  {
    subject: [
      [C, 'VN'],
      [L, 'Thành phố Hồ Chí Minh'],
      [UID, 'MST:0000000000'],
      [O, 'Công ty TNHH Ước Mơ Xanh (DEMO)'],
      [CN, 'CÔNG TY TNHH ƯỚC MƠ XANH (DEMO)'],
    ],
    // So that the demo shows how the end of a certificate is announced.
    validDays: 20,
    key: { type: 'EC', curve: 'P-384' },
  },
]
