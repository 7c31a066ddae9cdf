import { expect, test } from 'vitest'
import type { Module } from './module.ts'
import { withLogin } from './session.ts'

test('a pkcs11js that knows no null pointer has no keypad started, and no try is spent', async () => {
  const module = {
    C_Login() {
      throw new TypeError('Argument 2 has wrong type. Should be a String')
    },
  } as unknown as Module
  const login = withLogin(module, Buffer.alloc(8), undefined, () => 'signed')
  await expect(login).rejects.toMatchObject({
    code: 'TOKEN_UNSUPPORTED',
    details: { reason: 'keypad' },
  })
})
