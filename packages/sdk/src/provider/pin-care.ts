/**
 * Has the bridge ask the person for a new PIN. What is typed stays in the bridge's prompt and the token.
 * @module
 */
import type { Language } from '../errors.ts'
import { changePin as change, unblock as unlock } from '../wire/pin-care.ts'
import type { Ask } from './ask.ts'
import type { BridgeCertificate } from './certificates.ts'

/** Which token, and how to give up. */
export interface PinCareOptions {
  readonly certificate: BridgeCertificate
  readonly language?: Language
  readonly signal?: AbortSignal | undefined
}

/** @throws as `Acts.changePin` */
export async function changePin(ask: Ask, options: PinCareOptions): Promise<void> {
  await ask(change, paramsOf(options), { signal: options.signal })
}

/** @throws as `Acts.unblock` */
export async function unblock(ask: Ask, options: PinCareOptions): Promise<void> {
  await ask(unlock, paramsOf(options), { signal: options.signal })
}

function paramsOf({ certificate: { id }, language }: PinCareOptions) {
  return { certificate: id, ...(language && { language }) }
}
