/**
 * Every method of the wire and what answers it.
 * @module
 */
import { changePin, hello, listCertificates, sign, signDigests, unblock } from '@trien/sdk/wire'
import { type Method, defineMethod } from './call.ts'
import type { Desk } from './desk.ts'
import { handleHello } from './handlers/hello.ts'
import { handleListCertificates } from './handlers/list-certificates.ts'
import { handlePinCare } from './handlers/pin-care.ts'
import { createRelayMethods } from './handlers/relay.ts'
import { handleSign } from './handlers/sign.ts'
import { handleSignDigests } from './handlers/sign-digests.ts'

export function createMethods(desk: Desk): readonly Method[] {
  return [
    defineMethod(hello, (params, call) => handleHello(params, desk, call)),
    defineMethod(listCertificates, (params, call) => handleListCertificates(params, desk, call)),
    defineMethod(changePin, (params, call) => handlePinCare('change-pin', params, desk, call)),
    defineMethod(unblock, (params, call) => handlePinCare('unblock', params, desk, call)),
    defineMethod(sign, (params, call) => handleSign(params, desk, call)),
    defineMethod(signDigests, (params, call) => handleSignDigests(params, desk, call)),
    ...createRelayMethods(desk),
  ]
}
