/**
 * `token.changePin` and `token.unblock`: a page asks, the person answers in the bridge's own prompt, and the page learns
 * no more than how it ended.
 * @module
 */
import { BridgeError } from '@trien/sdk/errors'
import { type Infer, type changePin, promptPage } from '@trien/sdk/wire'
import type { Call } from '../call.ts'
import type { Desk } from '../desk.ts'
import { type PinDeed, runPinCare } from '../pin-care.ts'
import { takeTokenTurn } from '../token-turn.ts'

/** @throws as `runPinCare`; {BridgeError} BRIDGE_ORIGIN_DENIED where the person never let the origin see certificates */
export async function handlePinCare(
  deed: PinDeed,
  params: Infer<typeof changePin.params>,
  desk: Desk,
  call: Call,
): Promise<Infer<typeof changePin.result>> {
  const { tokens, consents, dialogs, languageFor } = desk
  if (!consents.has(call.origin)) throw new BridgeError('BRIDGE_ORIGIN_DENIED')
  const id = params.certificate
  const source = await tokens.getSource(id, call.signal)
  await takeTokenTurn(desk, { source, call }, async () => {
    const { token } = await tokens.getCertificate(source, id, call.signal)
    const care = {
      deed,
      source,
      token,
      origin: call.origin,
      language: languageFor(params.language),
      announcePage: (url: string) => call.notify(promptPage, { request: call.request, url }),
      signal: call.signal,
    }
    await runPinCare(care, { ...desk, takeDialog: (show) => dialogs.ask(call, show) })
  })
  return {}
}
