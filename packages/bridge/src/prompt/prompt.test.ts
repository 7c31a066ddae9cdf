import { UserError } from '@trien/sdk/errors'
import { describe, expect, it } from 'vitest'
import type { Asking, Face, SecretWords, Words } from './face.ts'
import { createPrompt } from './prompt.ts'
import type { ListQuestion, SignQuestion } from './types.ts'

const sign: SignQuestion = {
  kind: 'sign',
  origin: 'https://nopho.so.dichvucong.gov.vn',
  language: 'vi',
  documents: [{ name: 'Đơn đề nghị.pdf', size: 24_310, digestHex: 'ab'.repeat(32) }],
  certificate: {
    holder: 'NGUYỄN VĂN AN',
    organization: undefined,
    issuer: 'TRIEN TEST CA',
    notAfter: '2036-12-31T00:00:00.000Z',
    validity: { state: 'valid', daysLeft: 400 },
  },
  tokenLabel: 'Token của An',
  tokenSerial: '5401A2',
  pinState: 'low',
  wrongPins: 0,
  asksPin: true,
  announcePage: () => {},
}
const list: ListQuestion = { ...sign, kind: 'list' }
const { signal } = new AbortController()

/** A face that gives its answers in turn and keeps what it was shown. */
function createScriptedFace(...answers: readonly (string | boolean | Error)[]): {
  face: Face
  shown: (Words | SecretWords)[]
  askings: Asking[]
  ends: () => number
} {
  const rest = [...answers]
  const shown: (Words | SecretWords)[] = []
  const askings: Asking[] = []
  let ends = 0
  async function answer<T>(words: Words, asking: Asking): Promise<T> {
    shown.push(words)
    askings.push(asking)
    const next = rest.shift()
    if (next instanceof Error) throw next
    return next as T
  }
  const face: Face = { confirm: answer, askSecret: answer, end: () => void ends++ }
  return { face, shown, askings, ends: () => ends }
}

describe('a question to a face', () => {
  it('of a list is a confirmation, and a no denies it', async () => {
    const { face, shown, ends } = createScriptedFace(true, false)
    const prompt = createPrompt(face)
    await expect(prompt.confirmList(list, signal)).resolves.toBeUndefined()
    await expect(prompt.confirmList(list, signal)).rejects.toMatchObject({ code: 'USER_DENIED' })
    expect(shown[0]).not.toHaveProperty('label')
    expect(ends()).toBe(2)
  })

  it('of a signature asks for the PIN in the same dialog', async () => {
    const { face, shown } = createScriptedFace('4711')
    expect(await createPrompt(face).askSign(sign, signal)).toBe('4711')
    expect(shown).toHaveLength(1)
    expect(shown[0]).toMatchObject({ label: 'Mã PIN:', notice: undefined, accept: 'Ký' })
  })

  it('asks again where no PIN was typed, and says so beside the warning', async () => {
    const { face, shown } = createScriptedFace('', '', '4711')
    expect(await createPrompt(face).askSign(sign, signal)).toBe('4711')
    expect(shown).toHaveLength(3)
    expect(shown[2]).toMatchObject({
      notice: 'Bạn chưa nhập mã PIN.',
      warnings: [expect.any(String)],
    })
  })

  it('asks no PIN where the reader has a keypad, and a no cancels', async () => {
    const { face, shown } = createScriptedFace(true, false)
    const prompt = createPrompt(face)
    const keypad = { ...sign, asksPin: false }
    expect(await prompt.askSign(keypad, signal)).toBeUndefined()
    await expect(prompt.askSign(keypad, signal)).rejects.toMatchObject({ code: 'USER_CANCELLED' })
    for (const words of shown) expect(words).not.toHaveProperty('label')
  })

  it('has a last try confirmed before the PIN, and a no spends none', async () => {
    const last = { ...sign, pinState: 'final' } as const
    const { face, shown } = createScriptedFace(true, '4711', false)
    expect(await createPrompt(face).askSign(last, signal)).toBe('4711')
    expect(shown[0]).not.toHaveProperty('label')
    expect(shown[0]!.refuse).toBe('Quay lại')
    expect(shown[1]).toMatchObject({ warnings: [expect.stringContaining('LẦN THỬ CUỐI CÙNG')] })
    const back = createPrompt(face).askSign({ ...last, pinState: 'ok', wrongPins: 2 }, signal)
    await expect(back).rejects.toMatchObject({ code: 'USER_CANCELLED' })
    expect(shown).toHaveLength(3)
  })

  it('has a last try confirmed before a keypad too', async () => {
    const { face, shown } = createScriptedFace(true, true)
    const last = { ...sign, pinState: 'final', asksPin: false } as const
    expect(await createPrompt(face).askSign(last, signal)).toBeUndefined()
    expect(shown).toHaveLength(2)
  })

  it('has one time limit for all its dialogs', async () => {
    const { face, askings } = createScriptedFace('', '4711')
    await createPrompt(face, 5000).askSign(sign, signal)
    expect(askings[0]!.timeoutMs).toBeLessThanOrEqual(5000)
    expect(askings[1]!.timeoutMs).toBeLessThan(askings[0]!.timeoutMs)
    const late = createScriptedFace('4711')
    const answer = createPrompt(late.face, 0).askSign(sign, signal)
    await expect(answer).rejects.toMatchObject({ code: 'USER_TIMEOUT' })
    expect(late.shown).toHaveLength(0)
  })

  it('is over for the face too when it fails', async () => {
    const { face, ends } = createScriptedFace(new UserError('USER_TIMEOUT'))
    await expect(createPrompt(face).askSign(sign, signal)).rejects.toThrow()
    expect(ends()).toBe(1)
  })

  it('names fewer documents where the face has no room for all', async () => {
    const { face, shown } = createScriptedFace('4711')
    const documents = Array(8).fill(sign.documents[0])
    const hasRoomFor = ({ lines }: Words): boolean => lines.length < 12
    await createPrompt({ ...face, hasRoomFor }).askSign({ ...sign, documents }, signal)
    expect(shown[0]!.lines.join('\n')).toMatch(/và \d văn bản khác/)
  })
})
