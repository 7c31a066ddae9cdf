/**
 * One signing run: one consent, one PIN, one run of the token, however many items.
 *
 * ```
 * consent to list? → the module's turn → certificate as it is now → algorithms, the items' own rules, lock
 *   → journal: asked → dialog (who, what, with which certificate, PIN) → token → sign.progress … → journal: ended
 * ```
 *
 * Everything that can be refused is refused before the person sees a dialog.
 * @module
 */
import { encodeHex } from '@trien/sdk/bytes'
import { BridgeError, type Language, TokenError } from '@trien/sdk/errors'
import {
  type DocumentOnWire,
  MAX_SIGNATURES,
  judgeValidity,
  promptPage,
  signProgress,
} from '@trien/sdk/wire'
import type { Claims } from '../claims.ts'
import { toAskedEntry } from '../journal/asking.ts'
import type { AskedEntry } from '../journal/entry.ts'
import type { ShownCertificate, ShownDocument, SignQuestion } from '../prompt/types.ts'
import { summarizeCertificate } from '../token/summary.ts'
import type { TokenCertificate, TokenSignItem, TokenSource } from '../token/types.ts'
import { type Account, withAccount } from './account.ts'
import type { Call } from './call.ts'
import type { Desk } from './desk.ts'
import { takeTokenTurn } from './token-turn.ts'
import { withPinMemory } from './wrong-pins.ts'

/** One thing to sign, and what it says to the person. */
export interface RunItem {
  /** The page's own name for it. */
  readonly id: string
  readonly input: TokenSignItem
  /** At least one. */
  readonly documents: readonly DocumentOnWire[]
  /** DER of the certificate whose signature is signed, in place of a document. */
  readonly countersigned?: Uint8Array | undefined
}

/** What a page asks. */
export interface SigningRun {
  /** SHA-256 of the certificate's DER. */
  readonly certificateId: Uint8Array
  readonly items: readonly RunItem[]
  readonly language: Language | undefined
  /** The bridge cannot see what is signed: the person is told, and the journal. */
  readonly isBlind: boolean
  /** Refuses items that may not be signed with this certificate, before the person is asked; tells whether they name it. */
  readonly assertItems: (certificateDer: Uint8Array) => Claims | Promise<Claims>
}

/** What is known once the certificate was found. */
interface Prepared extends SigningRun {
  readonly certificate: TokenCertificate
  readonly shown: ShownCertificate
  readonly claims: Claims
}

/**
 * Signs; signatures go to the page as `sign.progress`.
 * @throws {BridgeError} BRIDGE_ORIGIN_DENIED where the person never let the origin see certificates, BRIDGE_BUSY,
 *   BRIDGE_NO_PROMPT, BRIDGE_PROTOCOL {problem} where two items share an id, BRIDGE_JOURNAL where the journal cannot be
 *   written; what `assertItems` throws
 * @throws {UserError} USER_CANCELLED, USER_DENIED, USER_TIMEOUT
 * @throws {TokenError}
 */
export async function runSigning(run: SigningRun, desk: Desk, call: Call): Promise<void> {
  if (!desk.consents.has(call.origin)) throw new BridgeError('BRIDGE_ORIGIN_DENIED')
  assertOwnIds(run.items)
  const source = await desk.tokens.getSource(run.certificateId, call.signal)
  await takeTokenTurn(desk, { source, call }, async () => {
    const certificate = await desk.tokens.getCertificate(source, run.certificateId, call.signal)
    const claims = await assertSignable(run, certificate)
    const shown = showCertificate(certificate.certificate, new Date())
    const prepared = { ...run, certificate, shown, claims }
    await withAccount(
      desk.journal,
      toAskedEntry(describeAsked(prepared, call)),
      async (account) => {
        const pin = await askPerson(prepared, account, desk, call)
        await withPinMemory(desk.pinMemory, certificate.token, (onLoggedIn) =>
          signItems(run, { source, account, pin, onLoggedIn }, call),
        )
      },
    )
  })
}

/** An answer names its item, so two of one name could be taken for each other. */
function assertOwnIds(items: readonly RunItem[]): void {
  if (new Set(items.map(({ id }) => id)).size === items.length) return
  throw new BridgeError('BRIDGE_PROTOCOL', { details: { problem: 'params.items: ids repeat' } })
}

async function assertSignable(
  { items, assertItems }: SigningRun,
  certificate: TokenCertificate,
): Promise<Claims> {
  for (const { input } of items) {
    if (!certificate.algorithms.includes(input.algorithm)) {
      throw new TokenError('TOKEN_MECHANISM', { details: { algorithm: input.algorithm } })
    }
  }
  const claims = await assertItems(certificate.certificate)
  if (certificate.token.pinState === 'locked') throw new TokenError('TOKEN_PIN_LOCKED')
  return claims
}

function describeAsked(
  { items, isBlind, certificate: { id, token }, shown: { holder } }: Prepared,
  { origin }: Call,
): Omit<AskedEntry, 'kind'> {
  const documents = items.flatMap((item) => item.documents)
  return {
    origin,
    documents: documents.map(({ name, size, digest }) => ({
      name,
      size,
      digest: { algorithm: digest.algorithm, hex: encodeHex(digest.value) },
    })),
    certificate: { id: encodeHex(id), holder },
    token: { label: token.label, serial: token.serial },
    ...(isBlind && { blind: true }),
  }
}

function askPerson(
  { items, isBlind, certificate: { token }, shown, claims, language }: Prepared,
  account: Account,
  { dialogs, prompt, pinMemory, languageFor }: Desk,
  call: Call,
): Promise<string | undefined> {
  const question: SignQuestion = {
    kind: 'sign',
    origin: call.origin,
    language: languageFor(language),
    documents: items.flatMap(showDocuments),
    isBlind,
    namesNoCertificate: !claims.namesCertificate,
    said: claims.said,
    mustChangePin: token.mustChangePin === true,
    certificate: shown,
    tokenLabel: token.label,
    tokenSerial: token.serial,
    pinState: token.pinState,
    wrongPins: pinMemory.countWrong(token, 'pin'),
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

function showDocuments({ documents, countersigned }: RunItem): readonly ShownDocument[] {
  const signatureOf = countersigned && summarizeCertificate(countersigned).holder
  return documents.map(({ name, size, digest }) => ({
    ...{ name, size, digestHex: encodeHex(digest.value) },
    ...(signatureOf !== undefined && { signatureOf }),
  }))
}

function showCertificate(certificateDer: Uint8Array, now: Date): ShownCertificate {
  const { holder, organization, issuer, notBefore, notAfter } = summarizeCertificate(certificateDer)
  const dates = { notBefore: new Date(notBefore), notAfter: new Date(notAfter) }
  return { holder, organization, issuer, notAfter, validity: judgeValidity(dates, now) }
}

async function signItems(
  { certificateId, items }: SigningRun,
  use: {
    readonly source: TokenSource
    readonly account: Account
    readonly pin: string | undefined
    readonly onLoggedIn: () => void
  },
  call: Call,
): Promise<void> {
  call.signal.throwIfAborted()
  await use.source.sign({
    certificateId,
    pin: use.pin,
    items: items.map(({ input }) => input),
    onLoggedIn: use.onLoggedIn,
    onSigned(first, values) {
      const signed = values.flatMap((value, offset) => {
        const item = items[first + offset]
        return item === undefined ? [] : [{ item, value }]
      })
      for (const { item } of signed) use.account.count(item.documents.length)
      for (let start = 0; start < signed.length; start += MAX_SIGNATURES) {
        const some = signed.slice(start, start + MAX_SIGNATURES)
        const signatures = some.map(({ item: { id }, value }) => ({ item: id, value }))
        call.notify(signProgress, { request: call.request, signatures })
      }
    },
    signal: call.signal,
  })
}
