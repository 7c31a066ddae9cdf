/**
 * Plain XML signatures as Vietnam's authorities have them, as data: what is signed, where the signature goes, what else it
 * says. None is XAdES: nothing in them names the certificate but KeyInfo, which is not signed.
 *
 * ```
 * DLHDon Id … DSCKS > NBan > Signature Id                    e-invoice: Decree 123/2020, Decisions 1450 and 1510/QĐ-TCT
 *   Reference #DLHDon's Id   enveloped-signature
 *   Reference #Object's Id   Object > SignatureProperties > SignatureProperty > SigningTime, local, without a zone
 * ```
 * Canonical XML 1.0, RSA with SHA-256 where the key allows no other choice to be made, and no prefix: the shape of files that
 * the authorities' own systems accept.
 * @module
 */
import { encodeElement } from './element-text.ts'
import type { ElementChoice } from './place.ts'
import type { Transform } from './signature-text.ts'

/** One form of a plain signature. */
export interface XmlForm {
  /** Elements that are signed by their Id, by their paths; none: the whole file. */
  readonly signs: readonly { readonly path: string; readonly transforms: readonly Transform[] }[]
  readonly place: ElementChoice
  /** Whether the time is signed. */
  readonly hasTime: boolean
  readonly hasSubjectName: boolean
}

const enveloped: readonly Transform[] = ['enveloped']
const INVOICE = { path: 'DLHDon', transforms: enveloped }

/** All forms. */
export const XML_FORMS = {
  /** The seller of an e-invoice. */
  'vn-einvoice': {
    ...{ signs: [INVOICE], place: { path: 'DSCKS/NBan' } },
    ...{ hasTime: true, hasSubjectName: true },
  },
  /** Its buyer. */
  'vn-einvoice-buyer': {
    ...{ signs: [INVOICE], place: { path: 'DSCKS/NMua' } },
    ...{ hasTime: true, hasSubjectName: true },
  },
  /** The tax office, which signs its code along with the invoice. */
  'vn-einvoice-authority': {
    signs: [INVOICE, { path: 'MCCQT', transforms: [] }],
    place: { path: 'DSCKS/CQT' },
    ...{ hasTime: true, hasSubjectName: true },
  },
  /** A tax declaration of eTax: HSoKhaiThue, whose Id is `_NODE_TO_SIGN`, signed in CKyDTu. */
  'vn-tax-declaration': {
    signs: [{ path: 'HSoThueDTu/HSoKhaiThue', transforms: enveloped }],
    place: { path: 'HSoThueDTu/CKyDTu' },
    ...{ hasTime: false, hasSubjectName: true },
  },
  /** Files of health and social insurance (Decisions 130 and 3176/QĐ-BYT): the whole file, signed in CHUKYDONVI. */
  'vn-social-insurance': {
    ...{ signs: [], place: { path: 'CHUKYDONVI' } },
    ...{ hasTime: false, hasSubjectName: true },
  },
} as const satisfies Record<string, XmlForm>

export type XmlFormName = keyof typeof XML_FORMS

/** Hours that Vietnam's clocks are ahead of UTC. */
const ZONE_MS = 7 * 3_600_000

/** The name of the Object with the time. */
export const timeIdOf = (signatureId: string): string => `${signatureId}-time`

/** Writes the Object with the time, as the authorities' files have it: what is in it is in no namespace. */
export function encodeTimeObject(signatureId: string, signingTime: Date): string {
  const local = new Date(signingTime.getTime() + ZONE_MS).toISOString().slice(0, 19)
  const time = encodeElement('SigningTime', {}, local)
  const property = encodeElement('SignatureProperty', { Target: `#${signatureId}` }, time)
  const properties = encodeElement('SignatureProperties', { xmlns: '' }, property)
  return encodeElement('Object', { Id: timeIdOf(signatureId) }, properties)
}
