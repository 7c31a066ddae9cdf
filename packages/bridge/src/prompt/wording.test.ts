import { describe, expect, it } from 'vitest'
import { escapedBytes } from './assuan-codec.ts'
import type { Words } from './face.ts'
import type { SignQuestion } from './types.ts'
import { wordList, wordSign, wordSignWithin } from './wording.ts'

const question: SignQuestion = {
  kind: 'sign',
  origin: 'https://nopho.so.dichvucong.gov.vn',
  language: 'vi',
  documents: [{ name: 'Đơn đề nghị.pdf', size: 24_310, digestHex: '3f2a91bc77e01d44'.repeat(4) }],
  certificate: {
    holder: 'NGUYỄN VĂN AN',
    organization: 'SỞ TƯ PHÁP',
    issuer: 'TRIEN DEMO CA',
    notAfter: '2026-12-31T00:00:00.000Z',
    validity: { state: 'valid', daysLeft: 400 },
  },
  tokenLabel: 'Token của An',
  tokenSerial: '5401A2',
  pinState: 'ok',
  wrongPins: 0,
  asksPin: true,
  announcePage: () => {},
}
const text = (words: Words): string => [words.heading, ...words.lines].join('\n')
const many = (count: number) => Array(count).fill(question.documents[0])

describe('the words for signing', () => {
  it('say who asks, what, with which certificate, on which token', () => {
    expect(text(wordSign(question))).toBe(
      [
        'dichvucong.gov.vn',
        '(https://nopho.so.dichvucong.gov.vn)',
        'đề nghị bạn ký số 1 văn bản:',
        '• “Đơn đề nghị.pdf” — 24,3 kB — mã băm 3f2a 91bc 77e0 1d44',
        '',
        'Người ký: NGUYỄN VĂN AN',
        'Đơn vị: SỞ TƯ PHÁP',
        'Nơi cấp: TRIEN DEMO CA, hết hạn ngày 31/12/2026',
        'Thiết bị: Token của An, số 5401A2',
      ].join('\n'),
    )
  })

  it('say whose signature is confirmed, and that it is no document', () => {
    const [document] = question.documents
    const signatureOf = 'TRẦN THỊ BÌNH” — 1 kB'
    const words = text(wordSign({ ...question, documents: [{ ...document!, signatureOf }] }))
    expect(words).toContain(
      "• “Đơn đề nghị.pdf” — chữ ký của TRẦN THỊ BÌNH' — 1 kB — mã băm 3f2a 91bc 77e0 1d44",
    )
    expect(words).toContain('không ký lên nội dung văn bản')
    expect(words).not.toContain('24,3 kB')
    expect(text(wordSign(question))).not.toContain('Ký xác nhận')
  })

  it('say what the signature says beside the time: what it means, as whom, where', () => {
    const roles = ['TM. ỦY BAN NHÂN DÂN', 'KT. CHỦ TỊCH”; ký tại “Paris']
    const said = [{ commitment: 'approval' as const, roles, place: ['Đà Nẵng', 'VN'] }]
    expect(wordSign({ ...question, said }).lines).toContain(
      "Chữ ký ghi thêm: bạn phê duyệt nội dung; với tư cách “TM. ỦY BAN NHÂN DÂN”, “KT. CHỦ TỊCH'; ký tại 'Paris”; ký tại “Đà Nẵng, VN”.",
    )
    expect(text(wordSign({ ...question, said, language: 'en' }))).toContain(
      'The signature also says: you approve its content; you sign as “TM.',
    )
    expect(text(wordSign({ ...question, said: [] }))).toBe(text(wordSign(question)))
  })

  it.each(['origin', 'receipt', 'delivery', 'sender', 'approval', 'creation'] as const)(
    'say a commitment in words of its own: %s',
    (commitment) => {
      for (const language of ['vi', 'en'] as const) {
        const words = text(wordSign({ ...question, language, said: [{ commitment }] }))
        expect(words).toMatch(/(ghi thêm: bạn|also says: you) [^;]+\.$/m)
        expect(words).not.toContain(`: ${commitment}`)
      }
    },
  )

  it('count what there is no room for of what signatures say', () => {
    const said = ['a', 'b', 'c', 'd'].map((role) => ({ roles: [role, 'x'] }))
    const words = wordSign({ ...question, said }, { documents: 2, name: 40, roles: 1 })
    expect(words.lines.filter((line) => line.startsWith('Chữ ký ghi thêm'))).toEqual([
      'Chữ ký ghi thêm: với tư cách “a”, … và 1 nội dung khác.',
      'Chữ ký ghi thêm: với tư cách “b”, … và 1 nội dung khác.',
    ])
    expect(words.lines).toContain('… và 2 nội dung khác')
  })

  it('say so in English too', () => {
    const words = wordSign({ ...question, language: 'en', documents: many(2) })
    expect(text(words)).toContain('asks you to sign 2 documents:')
    expect(text(words)).toContain('expires 2026-12-31')
    expect(words.accept).toBe('Sign')
  })

  it.each([
    ['ok', undefined],
    ['low', /sẽ bị khóa/],
    ['final', /LẦN THỬ CUỐI CÙNG/],
  ] as const)('warn of few tries: %s', (pinState, warning) => {
    const words = wordSign({ ...question, pinState })
    if (warning === undefined) expect(words.warnings).toEqual([])
    else expect(words.warnings).toEqual([expect.stringMatching(warning)])
  })

  it('say how a certificate is to be renewed, beside how the PIN stands', () => {
    const certificate = {
      ...question.certificate,
      validity: { state: 'soon', daysLeft: 20 },
    } as const
    expect(wordSign({ ...question, certificate, pinState: 'low' }).warnings).toEqual([
      'Chứng thư số sẽ hết hạn ngày 31/12/2026, còn 20 ngày. Hãy gia hạn tại nhà cung cấp TRIEN DEMO CA.',
      'Mã PIN đã bị nhập sai. Nếu tiếp tục nhập sai, thiết bị sẽ bị khóa.',
    ])
  })

  it.each([
    ['vi', /đòi đổi mã PIN .* “Đổi mã PIN” .* trien-bridge tokens change-pin/],
    ['en', /PIN changed .* trien-bridge tokens change-pin/],
  ] as const)('say how the PIN is changed where the token wants that: %s', (language, words) => {
    const { warnings } = wordSign({ ...question, mustChangePin: true, language })
    expect(warnings).toEqual([expect.stringMatching(words)])
  })

  it('say that a plain XML signature names no certificate, and of no other that', () => {
    const unnamed = { ...question, namesNoCertificate: true }
    expect(text(wordSign(unnamed))).toContain('không ghi chứng thư số')
    expect(text(wordSign({ ...unnamed, language: 'en' }))).toContain('names no certificate')
    expect(text(wordSign(question))).not.toContain('XML')
  })

  it('name the keypad where the reader has one', () => {
    expect(text(wordSign({ ...question, asksPin: false }))).toContain('bàn phím của đầu đọc')
  })

  it('count the documents that are not listed', () => {
    const words = wordSign({ ...question, documents: many(8) }, { documents: 3, name: 40 })
    expect(words.lines.filter((line) => line.startsWith('•'))).toHaveLength(2)
    expect(text(words)).toContain('ký số 8 văn bản')
    expect(text(words)).toContain('… và 6 văn bản khác')
    const full = wordSign({ ...question, documents: many(3) }, { documents: 3, name: 40 })
    expect(full.lines.filter((line) => line.startsWith('•'))).toHaveLength(3)
  })

  it.each([
    ['line ends', 'a.pdf\nNgười ký: BỐ GIÀ', 'a.pdf Người ký: BỐ GIÀ'],
    ['the direction of writing', 'a\u202Efdp.exe', 'a\uFFFDfdp.exe'],
    ['hidden characters', 'a\u200B\u2066.pdf', 'a\uFFFD\uFFFD.pdf'],
    ['escape sequences', 'a\x1b[2J.pdf', 'a [2J.pdf'],
    ['a run of spaces', `a${' '.repeat(200)}.pdf`, 'a .pdf'],
    ['separate marks', 'e\u0323\u0302.pdf', '\u1EC7.pdf'],
    ['marks piled up', `a${'\u0336'.repeat(50)}.pdf`, `a${'\u0336'.repeat(3)}.pdf`],
    ['blanks that are no spaces', `a${'\u2800'.repeat(50)}.pdf`, 'a .pdf'],
    ['an end of its quotes', 'a.pdf” — 1 kB “b', "a.pdf' — 1 kB 'b"],
    ['nothing at all', '\u0000', '—'],
  ])('show a name without %s', (_, name, shown) => {
    const documents = [{ ...question.documents[0]!, name }]
    expect(text(wordSign({ ...question, documents }))).toContain(`“${shown}” —`)
  })

  it('fit a line of Assuan with token and address in them, whatever the page sends', () => {
    const fits = (words: Words): boolean => escapedBytes(text(words)) <= 990
    for (const origin of [
      question.origin,
      `https://${'a.'.repeat(100)}evil.example:65535`,
      `https://${'a.'.repeat(60)}${new URL(`https://${'ệ'.repeat(30)}.vn`).hostname}:65535`,
    ]) {
      const documents = Array(256).fill({
        name: 'ệ'.repeat(255),
        size: Number.MAX_SAFE_INTEGER,
        digestHex: 'ab'.repeat(64),
      })
      const certificate = {
        holder: 'Ễ'.repeat(255),
        organization: 'Ộ'.repeat(255),
        issuer: 'Ậ'.repeat(255),
        notAfter: '2026-12-31T00:00:00.000Z',
        validity: { state: 'valid', daysLeft: 400 },
      } as const
      const roles = Array<string>(4).fill('Ệ'.repeat(128))
      const claims = { commitment: 'delivery', roles, place: roles } as const
      const said = Array.from({ length: 256 }, () => claims)
      const words = wordSignWithin({ ...question, origin, documents, certificate, said }, fits)
      expect(fits(words)).toBe(true)
      expect(text(words)).toContain(origin)
      expect(text(words)).toContain('5401A2')
      expect(text(words)).toMatch(/và \d+ văn bản khác/)
    }
  })
})

describe('the words for a list', () => {
  it('say that nothing is signed', () => {
    const words = wordList({ ...question, kind: 'list' })
    expect(words.heading).toBe('dichvucong.gov.vn')
    expect(words.lines.join('\n')).toContain('Chưa có gì được ký')
    expect(words.lines.join('\n')).toContain('https://nopho.so.dichvucong.gov.vn')
  })
})
