/**
 * The words that announce the end of a certificate, and what to do about it.
 * @module
 */
import type { Language } from '@trien/sdk/errors'
import type { Validity } from '@trien/sdk/wire'
import { plainLine } from '../plain-text.ts'

/** What is told of. */
export interface Expiring {
  readonly issuer: string
  /** ISO 8601, UTC. */
  readonly notAfter: string
  readonly validity: Validity
}

interface ExpiryPhrases {
  readonly soon: (day: string, days: number) => string
  readonly lastDay: (day: string) => string
  readonly renew: (issuer: string) => string
  readonly expired: (day: string) => string
  readonly notYet: string
}

const PHRASES: Readonly<Record<Language, ExpiryPhrases>> = {
  vi: {
    soon: (day, days) => `Chứng thư số sẽ hết hạn ngày ${day}, còn ${days} ngày.`,
    lastDay: (day) => `Chứng thư số sẽ hết hạn trong vòng 24 giờ tới (ngày ${day}).`,
    renew: (issuer) => `Hãy gia hạn tại nhà cung cấp ${issuer}.`,
    expired: (day) =>
      `CHỨNG THƯ SỐ ĐÃ HẾT HẠN từ ngày ${day}: nơi nhận có thể không chấp nhận chữ ký này.`,
    notYet: 'Chứng thư số CHƯA CÓ HIỆU LỰC. Hãy kiểm tra ngày giờ của máy.',
  },
  en: {
    soon: (day, days) =>
      `The certificate expires on ${day}, in ${days === 1 ? 'one day' : `${days} days`}.`,
    lastDay: (day) => `The certificate expires within 24 hours (${day}).`,
    renew: (issuer) => `Have it renewed by ${issuer}.`,
    expired: (day) => `THE CERTIFICATE EXPIRED on ${day}: the signature may not be accepted.`,
    notYet: 'The certificate IS NOT VALID YET. Check the date of this computer.',
  },
}

/** @returns undefined where there is nothing to announce */
export function wordExpiry(
  { issuer, notAfter, validity: { state, daysLeft } }: Expiring,
  language: Language,
): string | undefined {
  const say = PHRASES[language]
  const day = wordDate(notAfter, language)
  const renew = say.renew(plainLine(issuer))
  if (state === 'expired') return `${say.expired(day)} ${renew}`
  if (state === 'not-yet-valid') return say.notYet
  if (state !== 'soon') return undefined
  return `${daysLeft === 0 ? say.lastDay(day) : say.soon(day, daysLeft)} ${renew}`
}

/** 31/12/2026 in Vietnamese, 2026-12-31 in English; the day in UTC, as the certificate has it. */
export function wordDate(iso: string, language: Language): string {
  const day = plainLine(iso).slice(0, 10)
  return language === 'vi' ? day.split('-').reverse().join('/') : day
}
