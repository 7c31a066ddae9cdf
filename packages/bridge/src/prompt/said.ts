/**
 * The words for what a signature says beside time and certificate: what it means, in which role it is made, and where.
 * @module
 */
import type { Language } from '@trien/sdk/errors'
import type { Commitment } from '@trien/sdk/types'
import type { ShownClaims } from './types.ts'

interface SaidPhrases {
  readonly says: (what: string) => string
  readonly commitments: Readonly<Record<Commitment, string>>
  readonly role: (names: string) => string
  readonly place: (name: string) => string
  readonly more: (count: number) => string
}

const PHRASES: Readonly<Record<Language, SaidPhrases>> = {
  vi: {
    says: (what) => `Chữ ký ghi thêm: ${what}.`,
    commitments: {
      origin: 'bạn đã tạo, duyệt và gửi',
      receipt: 'bạn đã nhận',
      delivery: 'bạn đã chuyển đến nơi nhận',
      sender: 'bạn đã gửi',
      approval: 'bạn phê duyệt nội dung',
      creation: 'bạn đã tạo ra',
    },
    role: (names) => `với tư cách ${names}`,
    place: (name) => `ký tại ${name}`,
    more: (count) => `… và ${count} nội dung khác`,
  },
  en: {
    says: (what) => `The signature also says: ${what}.`,
    commitments: {
      origin: 'you created, approved and sent it',
      receipt: 'you received it',
      delivery: 'you delivered it',
      sender: 'you sent it',
      approval: 'you approve its content',
      creation: 'you created it',
    },
    role: (names) => `you sign as ${names}`,
    place: (name) => `signed at ${name}`,
    more: (count) => `… and ${count} more`,
  },
}

/**
 * Words it, a line for each that is not like another.
 * @param most how many lines there are, and roles in a line; the others are counted
 * @param quote makes a text from elsewhere safe and short enough to stand in quotes
 */
export function wordSaid(
  said: readonly ShownClaims[],
  language: Language,
  {
    most,
    quote,
  }: {
    readonly most: { readonly lines: number; readonly roles: number }
    readonly quote: (text: string) => string
  },
): readonly string[] {
  const say = PHRASES[language]
  const listSome = (texts: readonly string[], count: number): readonly string[] => {
    const rest = texts.length - count
    return rest > 0 ? [...texts.slice(0, count), say.more(rest)] : texts
  }
  const lines = said.map(({ commitment, roles, place }) => {
    const quoted = roles?.map((role) => `“${quote(role)}”`)
    const parts = [
      commitment && say.commitments[commitment],
      quoted && say.role(listSome(quoted, most.roles).join(', ')),
      place && say.place(`“${quote(place.join(', '))}”`),
    ]
    return say.says(parts.filter((part) => part !== undefined).join('; '))
  })
  return listSome(lines, most.lines)
}
