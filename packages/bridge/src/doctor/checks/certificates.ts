/**
 * Certificates: their time, and the strength of their keys.
 * @module
 */
import { X509Certificate } from 'node:crypto'
import { judgeValidity } from '@trien/sdk/wire'
import type { SeenToken } from '../../token/types.ts'
import { type Finding, type InBoth, say } from '../finding.ts'
import type { Machine } from '../machine.ts'
import { listTokens } from '../survey.ts'
import { findKeyWeakness } from '../weak-key.ts'

export async function checkCertificates(machine: Machine): Promise<Finding[]> {
  const surveyed = await machine.survey()
  if (surveyed === undefined) return []
  const tokens = listTokens(surveyed)
  if (tokens.length > 0 && tokens.every(({ certificates }) => certificates.length === 0)) {
    return [noCertificate()]
  }
  return tokens.flatMap((token, index) => describeAll(token, index + 1, machine.now))
}

function noCertificate(): Finding {
  return {
    id: 'certificates.list',
    state: 'warning',
    text: say(
      'Token không có chứng thư số nào kèm khóa.',
      'The token has no certificate with a private key.',
    ),
    remedy: say(
      'Nhờ nơi cấp chứng thư số nạp chứng thư số vào token.',
      'Ask the issuer to put the certificate on the token.',
    ),
  }
}

function describeAll({ certificates }: SeenToken, token: number, now: Date): Finding[] {
  return certificates.map(({ certificate }, index) => {
    const id = `certificates.${token}.${index + 1}`
    const name = say(
      `Chứng thư số ${index + 1} trên token ${token}`,
      `Certificate ${index + 1} on token ${token}`,
    )
    return { id, ...judgeCertificate(certificate, name, now) }
  })
}

/**
 * Judges one certificate.
 * @param certificateDer not trusted: it comes from a token
 */
export function judgeCertificate(
  certificateDer: Uint8Array,
  name: InBoth,
  now: Date,
): Omit<Finding, 'id'> {
  let certificate: X509Certificate
  try {
    certificate = new X509Certificate(certificateDer)
  } catch {
    return tell(name, 'bad', UNREADABLE, [])
  }
  const personal = [
    certificate.subject.replaceAll('\n', ', '),
    `${certificate.serialNumber}, ${certificate.validFrom} – ${certificate.validTo}`,
  ]
  const weakness = findKeyWeakness(certificate.publicKey)
  if (weakness !== undefined) return tell(name, 'bad', WEAK[weakness], personal)
  const [notBefore, notAfter] = [new Date(certificate.validFrom), new Date(certificate.validTo)]
  const { state, ...words } = judgeTime({ notBefore, notAfter }, now)
  return tell(name, state, words, personal)
}

/** Says of a validity what follows the name of a certificate. */
export function judgeTime(
  validity: { readonly notBefore: Date; readonly notAfter: Date },
  now: Date,
): Judgement & Pick<Finding, 'state'> {
  const { state, daysLeft } = judgeValidity(validity, now)
  if (state === 'not-yet-valid') return { state: 'bad', ...NOT_YET }
  if (state === 'expired') return { state: 'bad', ...EXPIRED }
  if (state === 'soon') return { state: 'warning', ...expiresSoon(daysLeft) }
  return { state: 'good', text: say(`còn hạn ${daysLeft} ngày.`, `valid for ${daysLeft} days.`) }
}

/** What follows the name of a certificate. */
export interface Judgement {
  readonly text: InBoth
  readonly remedy?: InBoth
}

function tell(
  name: InBoth,
  state: Finding['state'],
  { text, remedy }: Judgement,
  personal: readonly string[],
): Omit<Finding, 'id'> {
  const sentence = say(`${name.vi}: ${text.vi}`, `${name.en}: ${text.en}`)
  return { state, text: sentence, ...(remedy === undefined ? {} : { remedy }), personal }
}

const RENEW = say(
  'Xin gia hạn ở nơi cấp chứng thư số, rồi đăng ký lại số sê-ri mới với các cổng đang dùng.',
  'Ask the issuer to renew it, then register the new serial number with the portals you use.',
)
const REPLACE = say(
  'Yêu cầu nơi cấp đổi sang khóa mới.',
  'Ask the issuer to replace it by a new key.',
)
const UNREADABLE: Judgement = { text: say('không đọc được.', 'cannot be read.'), remedy: REPLACE }
const EXPIRED: Judgement = { text: say('đã hết hạn.', 'has expired.'), remedy: RENEW }
const NOT_YET: Judgement = {
  text: say('chưa đến ngày có hiệu lực.', 'is not valid yet.'),
  remedy: say(
    'Kiểm tra ngày giờ của máy; nếu đúng, đợi đến ngày có hiệu lực.',
    'Check the date of this computer; if it is right, wait for the day.',
  ),
}
const WEAK = {
  short: {
    text: say('khóa quá ngắn, không còn an toàn.', 'the key is too short to be safe.'),
    remedy: REPLACE,
  },
  roca: {
    text: say(
      'khóa mắc lỗi ROCA (CVE-2017-15361), có thể bị người khác tính ra.',
      'the key has the ROCA fault (CVE-2017-15361): others may be able to compute it.',
    ),
    remedy: REPLACE,
  },
} as const

function expiresSoon(days: number): Judgement {
  return {
    text: say(`sẽ hết hạn sau ${days} ngày.`, `expires in ${days} days.`),
    remedy: RENEW,
  }
}
