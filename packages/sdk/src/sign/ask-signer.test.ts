import { afterEach, expect, it, vi } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { codeOf } from '../../../../test/helpers/code-of.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import type { Signer } from '../types.ts'
import { signMany } from './batch.ts'
import { signCms } from './cms.ts'

const software = softwareSigner(await makeCertificate('ES256'))
const data = Uint8Array.of(1)
afterEach(() => void vi.useRealTimers())

it.each<[string, (signer: Signer, signal: AbortSignal) => Promise<unknown>]>([
  ['one document', (signer, signal) => signCms(data, { signer, signal })],
  [
    'many',
    (signer, signal) => signMany([{ id: '1', format: 'cms', document: data }], { signer, signal }),
  ],
])('of %s: waits no longer than five seconds for a signer that does not stop', async (_, sign) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const controller = new AbortController()
  let begin = (): void => {}
  const begun = new Promise<void>((resolve) => (begin = resolve))
  const silent: Signer = {
    ...software,
    sign() {
      begin()
      return new Promise(() => {})
    },
  }
  const ended = vi.fn()
  const signing = codeOf(sign(silent, controller.signal)).finally(ended)
  await begun
  controller.abort()
  vi.advanceTimersByTime(4_999)
  await new Promise(setImmediate)
  expect(ended).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(await signing).toBe('USER_CANCELLED')
})

it.each<[string, unknown]>([
  ['nothing', undefined],
  ['too few', []],
  ['too many', [data, data]],
  ['text', ['AAAA']],
  ['a buffer', [data.buffer]],
])('names a signer that answers %s', async (_, answer) => {
  const signer = { ...software, sign: () => answer } as unknown as Signer
  const refusal = { code: 'USAGE_ARGUMENT', details: { argument: 'signer' } }
  await expect(signCms(data, { signer })).rejects.toMatchObject(refusal)
})
