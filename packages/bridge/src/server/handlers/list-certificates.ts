/**
 * `certificates.list`: the certificates at hand, for an origin that the person has let see them.
 * @module
 */
import type { Language } from '@trien/sdk/errors'
import {
  type Infer,
  type ListedCertificate,
  type listCertificates,
  promptPage,
} from '@trien/sdk/wire'
import { logUnexpected } from '../../log.ts'
import { summarizeCertificate } from '../../token/summary.ts'
import type { TokenCertificate } from '../../token/types.ts'
import type { Call } from '../call.ts'
import type { Desk } from '../desk.ts'

const SHORT = 100

/**
 * @throws {UserError} USER_DENIED, USER_CANCELLED, USER_TIMEOUT; {BridgeError} BRIDGE_NO_PROMPT, BRIDGE_BUSY
 * @throws {TokenError} where no module could be read
 */
export async function handleListCertificates(
  params: Infer<typeof listCertificates.params>,
  desk: Desk,
  call: Call,
): Promise<Infer<typeof listCertificates.result>> {
  await askOnce(params.language, desk, call)
  const certificates = await desk.tokens.list(call.signal)
  return { certificates: certificates.flatMap(describe) }
}

async function askOnce(
  pageLanguage: Language | undefined,
  { consents, dialogs, prompt, languageFor }: Desk,
  call: Call,
): Promise<void> {
  if (consents.has(call.origin)) return
  await dialogs.ask(call, async (signal) => {
    // Another tab of the same origin may have been answered while this one waited.
    if (consents.has(call.origin)) return
    const announcePage = (url: string): void => {
      call.notify(promptPage, { request: call.request, url })
    }
    const language = languageFor(pageLanguage)
    await prompt.confirmList({ kind: 'list', origin: call.origin, language, announcePage }, signal)
    await consents.grant(call.origin)
  })
}

/** A certificate that cannot be read is left out: nobody could sign with it knowingly. */
function describe({
  id,
  certificate,
  chain,
  algorithms,
  token,
}: TokenCertificate): ListedCertificate[] {
  try {
    const summary = summarizeCertificate(certificate)
    return [{ id, certificate, chain, algorithms, summary, token: describeToken(token) }]
  } catch (error) {
    logUnexpected('reading a certificate', error)
    return []
  }
}

function describeToken({ label, manufacturer, serial }: TokenCertificate['token']) {
  return {
    label: label.slice(0, SHORT),
    manufacturer: manufacturer.slice(0, SHORT),
    serial: serial.slice(0, SHORT),
  }
}
