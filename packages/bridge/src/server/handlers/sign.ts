/**
 * `sign`: one consent, one PIN, one run of the token, however many items.
 *
 * ```
 * consent to list? → the module's turn → certificate as it is now → algorithms, claims, lock
 *   → journal: asked → dialog (who, what, with which certificate, PIN) → token → sign.progress … → journal: ended → answer
 * ```
 *
 * Everything that can be refused is refused before the person sees a dialog.
 * @module
 */
import { encodeHex } from '@trien/sdk/bytes'
import { BridgeError, TokenError } from '@trien/sdk/errors'
import { type Infer, type SignItem, promptPage, type sign, signProgress } from '@trien/sdk/wire'
import { assertClaims } from '../../claims.ts'
import type { AskedEntry } from '../../journal/entry.ts'
import type { ShownCertificate, ShownDocument, SignQuestion } from '../../prompt/types.ts'
import { summarizeCertificate } from '../../token/summary.ts'
import type { TokenCertificate, TokenSource } from '../../token/types.ts'
import { type Account, withAccount } from '../account.ts'
import type { Call } from '../call.ts'
import type { Desk } from '../desk.ts'

type Params = Infer<typeof sign.params>

/**
 * @throws {BridgeError} BRIDGE_ORIGIN_DENIED where the person never let the origin see certificates,
 *   BRIDGE_CLAIM_MISMATCH, BRIDGE_BUSY, BRIDGE_NO_PROMPT, BRIDGE_PROTOCOL {problem} where two items share an id,
 *   BRIDGE_INTERNAL where the journal cannot be written
 * @throws {UserError} USER_CANCELLED, USER_DENIED, USER_TIMEOUT
 * @throws {TokenError}
 */
export async function handleSign(
  params: Params,
  desk: Desk,
  call: Call,
): Promise<Infer<typeof sign.result>> {
  if (!desk.consents.has(call.origin)) throw new BridgeError('BRIDGE_ORIGIN_DENIED')
  assertOwnIds(params.items)
  const source = await desk.tokens.getSource(params.certificate, call.signal)
  await desk.tokens.turnsOf(source).take(call, async () => {
    const id = params.certificate
    const certificate = await desk.tokens.getCertificate(source, id, call.signal)
    assertSignable(params.items, certificate)
    const shown = showCertificate(certificate.certificate)
    const asked = describeAsked(params, certificate, shown, call)
    await withAccount(desk.journal, asked, async (account) => {
      const pin = await askPerson({ params, certificate, shown, account }, desk, call)
      await signItems({ params, source, account, pin }, call)
    })
  })
  return { signed: params.items.length }
}

/** An answer names its item, so two of one name could be taken for each other. */
function assertOwnIds(items: readonly SignItem[]): void {
  if (new Set(items.map(({ id }) => id)).size === items.length) return
  throw new BridgeError('BRIDGE_PROTOCOL', { details: { problem: 'params.items: ids repeat' } })
}

function assertSignable(items: readonly SignItem[], certificate: TokenCertificate): void {
  for (const item of items) {
    if (!certificate.algorithms.includes(item.algorithm)) {
      throw new TokenError('TOKEN_MECHANISM', { details: { algorithm: item.algorithm } })
    }
    assertClaims(item, certificate.certificate)
  }
  if (certificate.token.pinState === 'locked') throw new TokenError('TOKEN_PIN_LOCKED')
}

function describeAsked(
  { items }: Params,
  { id, token: { label, serial } }: TokenCertificate,
  { holder }: ShownCertificate,
  { origin }: Call,
): Omit<AskedEntry, 'kind'> {
  return {
    origin,
    documents: items.map(({ document: { name, size, digest } }) => ({
      name,
      size,
      digest: { algorithm: digest.algorithm, hex: encodeHex(digest.value) },
    })),
    certificate: { id: encodeHex(id), holder },
    token: { label, serial },
  }
}

function askPerson(
  {
    params,
    certificate,
    shown,
    account,
  }: {
    params: Params
    certificate: TokenCertificate
    shown: ShownCertificate
    account: Account
  },
  { dialogs, prompt, languageFor }: Desk,
  call: Call,
): Promise<string | undefined> {
  const { token } = certificate
  const question: SignQuestion = {
    kind: 'sign',
    origin: call.origin,
    language: languageFor(params.language),
    documents: params.items.map(showDocument),
    certificate: shown,
    tokenLabel: token.label,
    tokenSerial: token.serial,
    pinState: token.pinState,
    asksPin: !token.protectedAuthentication,
    announcePage(url) {
      call.notify(promptPage, { request: call.request, url })
    },
  }
  return dialogs.ask(call, async (signal) => {
    await account.open()
    signal.throwIfAborted()
    return prompt.askSign(question, signal)
  })
}

function showDocument({ document: { name, size, digest } }: SignItem): ShownDocument {
  return { name, size, digestHex: encodeHex(digest.value) }
}

function showCertificate(certificateDer: Uint8Array): ShownCertificate {
  const { holder, organization, issuer, notAfter } = summarizeCertificate(certificateDer)
  return { holder, organization, issuer, notAfter }
}

async function signItems(
  {
    params: { certificate, items },
    source,
    account,
    pin,
  }: { params: Params; source: TokenSource; account: Account; pin: string | undefined },
  call: Call,
): Promise<void> {
  call.signal.throwIfAborted()
  await source.sign({
    certificateId: certificate,
    pin,
    items: items.map(({ algorithm, toBeSigned }) => ({ algorithm, toBeSigned })),
    onSigned(index, signature) {
      const item = items[index]
      if (item === undefined) return
      account.count()
      call.notify(signProgress, { request: call.request, item: item.id, signature })
    },
    signal: call.signal,
  })
}
