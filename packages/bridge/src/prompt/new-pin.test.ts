import { describe, expect, it } from 'vitest'
import type { SecretWords, Words } from './face.ts'
import { createPrompt } from './prompt.ts'
import type { PinCareQuestion } from './types.ts'

const question: PinCareQuestion = {
  kind: 'change-pin',
  origin: 'https://nopho.so.dichvucong.gov.vn',
  language: 'vi',
  tokenLabel: 'Token của An',
  tokenSerial: '5401A2',
  tries: { state: 'ok', wrong: 0 },
  pinLength: { min: 6, max: 8 },
  asksPin: true,
  announcePage: () => {},
}
const { signal } = new AbortController()

/** Asks by a face that gives these answers in turn. */
function ask(change: Partial<PinCareQuestion>, ...answers: readonly (string | boolean)[]) {
  const rest = [...answers]
  const shown: (Words | SecretWords)[] = []
  async function answer<T>(words: Words): Promise<T> {
    shown.push(words)
    return rest.shift() as T
  }
  const prompt = createPrompt({ confirm: answer, askSecret: answer })
  return { answered: prompt.askNewPin({ ...question, ...change }, signal), shown }
}
const noticeOf = (words: Words | SecretWords | undefined) =>
  words !== undefined && 'label' in words ? words.notice : undefined

describe('a new PIN', () => {
  it('is asked for twice, after the old one, by who asks for which token', async () => {
    const { answered, shown } = ask({}, 'cũ', '246810', '246810')
    expect(await answered).toEqual({ secret: 'cũ', newPin: '246810' })
    for (const { heading, lines } of shown) {
      expect(heading).toBe('dichvucong.gov.vn')
      expect(lines.join('\n')).toContain('Token của An, số 5401A2')
    }
  })

  it.each([
    ['too short', ['12345', '246810', '246810'], /từ 6 đến 8/],
    ['too long', ['123456789', '246810', '246810'], /từ 6 đến 8/],
    ['too long in the bytes that the token counts', ['ệệệ', '246810', '246810'], /từ 6 đến 8/],
    ['the old one', ['old-pin', '246810', '246810'], /phải khác/],
  ])('is asked again where it is %s', async (_, answers, notice) => {
    const { answered, shown } = ask({}, 'old-pin', ...answers)
    expect(await answered).toEqual({ secret: 'old-pin', newPin: '246810' })
    expect(noticeOf(shown[2])).toMatch(notice)
  })

  it('is asked again where the two differ, without the old one', async () => {
    const { answered, shown } = ask({}, 'old-pin', '246810', '246811', '135790', '135790')
    expect(await answered).toEqual({ secret: 'old-pin', newPin: '135790' })
    expect(noticeOf(shown[3])).toMatch(/không giống nhau/)
  })

  it('may be the old one when it unlocks, for nobody may remember that one', async () => {
    const { answered } = ask({ kind: 'unblock' }, '246810', '246810', '246810')
    expect(await answered).toEqual({ secret: '246810', newPin: '246810' })
  })

  it('is no matter of ours where the reader has a keypad', async () => {
    const { answered, shown } = ask({ asksPin: false }, true)
    expect(await answered).toBeUndefined()
    expect(shown).toHaveLength(1)
    expect(shown[0]).not.toHaveProperty('label')
    expect(shown[0]!.lines.join('\n')).toContain('bàn phím của đầu đọc')
  })

  it('by a last PUK is confirmed first', async () => {
    const tries = { state: 'final', wrong: 0 } as const
    const { answered, shown } = ask({ kind: 'unblock', tries }, false)
    await expect(answered).rejects.toMatchObject({ code: 'USER_CANCELLED' })
    expect(shown[0]!.lines.join('\n')).toContain('PUK')
  })

  it('names the command line where the person asks from there', async () => {
    const { answered, shown } = ask({ origin: undefined }, 'old-pin', '246810', '246810')
    await answered
    expect(shown[0]!.heading).toContain('trien-bridge')
    expect(shown[0]!.lines.join('\n')).not.toContain('undefined')
  })
})
