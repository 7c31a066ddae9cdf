import { describe, expect, it } from 'vitest'
import { createError } from '../errors.ts'
import * as wire from './index.ts'

const item = {
  id: '1',
  kind: 'cms-signed-attributes',
  algorithm: 'ES256',
  toBeSigned: 'MQA',
  document: {
    name: 'đơn.pdf',
    mediaType: 'application/pdf',
    size: 10,
    digest: { algorithm: 'SHA-256', value: 'AAAA' },
  },
}
const params = { certificate: 'AAAA', items: [item] }

describe('envelopes', () => {
  it('reads what it writes', () => {
    expect(wire.parseMessage(wire.encodeRequest(1, 'hello', { a: 1 }))).toEqual({
      type: 'request',
      id: 1,
      method: 'hello',
      params: { a: 1 },
    })
    expect(wire.parseMessage(wire.encodeNotification('cancel', {}))).toMatchObject({
      type: 'notification',
    })
    expect(wire.parseMessage(wire.encodeResult(7, { ok: 1 }))).toMatchObject({
      type: 'result',
      id: 7,
    })
  })

  it('carries code and allowed details of an error, nothing else', () => {
    const error = createError('TOKEN_PIN_INCORRECT', {
      details: { remaining: 'final', pin: '1234' },
      cause: new Error('secret'),
    })
    const frame = wire.encodeError(3, error)
    expect(frame).not.toContain('1234')
    expect(frame).not.toContain('secret')
    const message = wire.parseMessage(frame)
    expect(message).toMatchObject({ type: 'error', id: 3 })
    expect(message.type === 'error' && message.error.details).toEqual({ remaining: 'final' })
  })

  it('turns an unknown code of the peer into BRIDGE_PROTOCOL and never shows its prose', () => {
    const frame =
      '{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"click evil.example","data":{"code":"X"}}}'
    const message = wire.parseMessage(frame)
    expect(message.type === 'error' && message.error.code).toBe('BRIDGE_PROTOCOL')
    expect(message.type === 'error' && message.error.message).not.toContain('evil')
  })

  it.each([
    ['not json', '{'],
    ['an array', '[]'],
    ['null', 'null'],
    ['no version', '{"id":1,"method":"x"}'],
    ['a text id', '{"jsonrpc":"2.0","id":"1","method":"x"}'],
    ['a negative id', '{"jsonrpc":"2.0","id":-1,"method":"x"}'],
    ['a null id request', '{"jsonrpc":"2.0","id":null,"method":"x"}'],
    ['neither method nor result', '{"jsonrpc":"2.0","id":1}'],
    ['an endless method', `{"jsonrpc":"2.0","id":1,"method":"${'x'.repeat(101)}"}`],
  ])('refuses %s', (_, frame) => {
    expect(() => wire.parseMessage(frame)).toThrowError(
      expect.objectContaining({ code: 'BRIDGE_PROTOCOL' }),
    )
  })
})

describe('shapes', () => {
  it('reads bytes of the wire and writes them back', () => {
    const read = wire.sign.params.read(params, 'params')
    expect(read.items[0]!.toBeSigned).toEqual(Uint8Array.of(0x31, 0))
    expect(wire.sign.params.write(read)).toEqual(params)
  })

  it('drops fields that it does not know', () => {
    const read = wire.sign.params.read({ ...params, module: '/tmp/evil.so', pin: '1234' }, 'params')
    expect(Object.keys(read)).toEqual(['certificate', 'items'])
  })

  it('is not fooled by a prototype', () => {
    const value = Object.create(params) as unknown
    expect(() => wire.sign.params.read(value, 'params')).toThrow('params.certificate')
  })

  it.each([
    ['more items than a bridge takes', { ...params, more: 10_001 }, 'params.more'],
    ['too many items', { ...params, items: Array(257).fill(item) }, 'params.items'],
    ['an unknown algorithm', { ...params, items: [{ ...item, algorithm: 'none' }] }, 'algorithm'],
    ['an unknown kind', { ...params, items: [{ ...item, kind: 'digest' }] }, 'kind'],
    ['padding', { ...params, certificate: 'AAAA==' }, 'params.certificate'],
    ['too many bytes', { ...params, certificate: 'A'.repeat(64) }, 'params.certificate'],
    [
      'a fractional size',
      { ...params, items: [{ ...item, document: { ...item.document, size: 1.5 } }] },
      'size',
    ],
    ['a list for an object', [], 'params'],
  ])('refuses %s and names the path', (_, value, path) => {
    expect(() => wire.sign.params.read(value, 'params')).toThrow(path)
  })

  it('names each message once', () => {
    const names = [...wire.REQUESTS, ...wire.NOTIFICATIONS].map(({ method }) => method)
    expect(new Set(names).size).toBe(names.length)
  })
})
