import { describe, expect, it } from 'vitest'
import { isLastTry, wordLastTry, wordTries } from './last-try.ts'
import type { TokenAsked } from './types.ts'

const asked: TokenAsked = {
  origin: 'https://nopho.so.dichvucong.gov.vn',
  language: 'vi',
  tokenLabel: 'Token của An',
  tokenSerial: '5401A2',
  announcePage: () => {},
}

describe('a last try', () => {
  it.each([
    ['ok', 0, false],
    ['ok', 1, false],
    ['ok', 2, true],
    ['low', 1, false],
    ['low', 2, true],
    ['final', 0, true],
    ['locked', 5, false],
  ] as const)('where the token says %s and %i were wrong: %s', (state, wrong, expected) => {
    expect(isLastTry({ state, wrong })).toBe(expected)
  })

  it('says who asks, which token, what a wrong one costs, and what to do instead', () => {
    const words = wordLastTry(asked, 'pin', { state: 'final', wrong: 0 })
    const text = [words.heading, ...words.lines].join('\n')
    expect(text).toContain('dichvucong.gov.vn')
    expect(text).toContain('Token của An (5401A2) báo: chỉ còn MỘT lần')
    expect(text).toContain('sẽ bị khóa')
    expect(text).toContain('nơi cấp chứng thư số')
    expect(words.refuse).toBe('Quay lại')
  })

  it('claims no more than is known where the token says nothing', () => {
    const text = wordLastTry({ ...asked, language: 'en' }, 'pin', {
      state: 'ok',
      wrong: 2,
    }).lines.join('\n')
    expect(text).toContain('2 times in a row on this computer')
    expect(text).toContain('does not say how many tries are left')
    expect(text).toContain('may lock')
    expect(text).not.toContain('only ONE')
  })

  it('of a PUK says that the token is then lost', () => {
    const text = wordLastTry(asked, 'puk', { state: 'final', wrong: 0 }).lines.join('\n')
    expect(text).toContain('khóa hẳn')
  })

  it('takes no line and no quotes from the name of a token', () => {
    const tokenLabel = `a\nĐÃ MỞ KHÓA${'x'.repeat(100)}`
    const [line] = wordLastTry({ ...asked, tokenLabel }, 'pin', { state: 'final', wrong: 0 }).lines
    expect(line).not.toContain('\n')
    expect(line!.length).toBeLessThan(120)
  })

  it('stands beside the count of wrong ones in the dialog of the PIN', () => {
    expect(wordTries('vi', { state: 'ok', wrong: 0 })).toBeUndefined()
    expect(wordTries('vi', { state: 'ok', wrong: 1 })).toContain('sai 1 lần')
    expect(wordTries('en', { state: 'low', wrong: 2 })).toMatch(/lock the token\. 2 wrong entries/)
  })
})
