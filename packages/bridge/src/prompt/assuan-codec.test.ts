import { describe, expect, it } from 'vitest'
import { MAX_LINE_BYTES, encodeCommand, escapedBytes, parseLine } from './assuan-codec.ts'

const line = (text: string): ReturnType<typeof parseLine> => parseLine(Buffer.from(text))

describe('commands', () => {
  it('escape what would end the line, and nothing else', () => {
    expect(encodeCommand('SETDESC', 'Ký 100%\r\nđi').toString()).toBe('SETDESC Ký 100%25%0D%0Ađi\n')
    expect(encodeCommand('GETPIN').toString()).toBe('GETPIN\n')
  })

  it.each([
    ['ASCII', 'a'],
    ['two bytes', 'đ'],
    ['three bytes', 'ệ'],
    ['four bytes', '😀'],
    ['escapes', '%'],
    ['line ends', '\n'],
  ])('are cut within 1000 bytes between two characters: %s', (_, character) => {
    for (const extra of [0, 1, 2, 3]) {
      const encoded = encodeCommand('SETDESC', 'x'.repeat(extra) + character.repeat(1500))
      expect(encoded.length).toBeLessThanOrEqual(MAX_LINE_BYTES + 1)
      expect(encoded.length).toBeGreaterThan(MAX_LINE_BYTES - 8)
      const text = new TextDecoder('utf-8', { fatal: true }).decode(encoded)
      expect(text.endsWith('…\n')).toBe(true)
      expect(text.slice(0, -2)).not.toMatch(/%.?$/)
    }
  })

  it('say beforehand what a text takes', () => {
    expect(escapedBytes('đ%\n')).toBe(8)
  })
})

describe('lines of the server', () => {
  it.each([
    ['OK', { type: 'ok' }],
    ['OK Pleased to meet you', { type: 'ok' }],
    ['OKAY', { type: 'other' }],
    ['ERR 83886179 Operation cancelled <Pinentry>', { type: 'error', code: 83886179 }],
    ['ERR', { type: 'error', code: 0 }],
    ['INQUIRE CHECKPIN 1234', { type: 'inquire' }],
    ['S PIN_REPEATED', { type: 'other' }],
    ['# comment', { type: 'other' }],
    ['', { type: 'other' }],
  ])('%s', (text, expected) => {
    expect(line(text)).toEqual(expected)
  })

  it.each([
    ['D 12%2534', '12%34'],
    ['D mật khẩu 5%0A', 'mật khẩu 5\n'],
    ['D  a', ' a'],
    ['D', ''],
    ['D 100%', '100%'],
    ['D %zz', '%zz'],
  ])('%s holds data', (text, data) => {
    const parsed = line(text)
    expect(parsed.type === 'data' && parsed.data.toString()).toBe(data)
  })
})
