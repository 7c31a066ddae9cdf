/**
 * Signing through the bridge: one question, one consent, one PIN, however many requests. What does not fit one message
 * follows in several.
 * @module
 */
import { getAlgorithm } from '../algorithms.ts'
import { encodeUtf8 } from '../bytes.ts'
import { BridgeError, type Language, type SigningError, UsageError } from '../errors.ts'
import type { Bytes, SignOptions, SigningRequest } from '../types.ts'
import { encodeNotification } from '../wire/codec.ts'
import { MAX_BATCH_BYTES, MAX_BATCH_ITEMS, MAX_FRAME_BYTES, MAX_ITEMS } from '../wire/limits.ts'
import { type SignItem, sign, signItems } from '../wire/sign.ts'
import type { Infer } from '../wire/shape.ts'
import type { Ask } from './ask.ts'
import type { BridgeCertificate } from './certificates.ts'
import { collectSignatures } from './collect-signatures.ts'
import { assertNotAborted } from './connection.ts'

type SignParams = Infer<typeof sign.params>

/** What one signing run is made of besides its requests. */
export interface SigningRun extends SignOptions {
  readonly certificate: BridgeCertificate
  readonly language?: Language
}

/**
 * Signs all requests.
 * @returns signature values in the order of the requests
 * @throws as `Signer.sign`; BRIDGE_TOO_LARGE {maxItems, maxBytes} where they are more than a bridge takes at once
 */
export async function signThroughBridge(
  ask: Ask,
  requests: readonly SigningRequest[],
  run: SigningRun,
): Promise<readonly Bytes[]> {
  assertNotAborted(run.signal)
  if (requests.length === 0) return []
  const details = { maxBytes: MAX_BATCH_BYTES, maxItems: MAX_BATCH_ITEMS }
  if (requests.length > MAX_BATCH_ITEMS) throw new BridgeError('BRIDGE_TOO_LARGE', { details })
  const items = requests.map((request, index) => signItem(request, index, run.certificate))
  const inLanguage = run.language === undefined ? {} : { language: run.language }
  const parts = splitItems(items)
  const isOne = parts.length === 1
  const params: SignParams = {
    ...{ certificate: run.certificate.id, ...inLanguage },
    ...(isOne ? { items } : { items: [], more: items.length }),
  }
  const collect = {
    ...run,
    ids: items.map(({ id }) => id),
    more: (request: number) =>
      isOne ? [] : parts.map((part) => encodePart({ request, items: part })),
  }
  const signAll = (): Promise<readonly Bytes[]> =>
    collectSignatures((heed) => ask(sign, params, heed), collect)
  try {
    return await signAll()
  } catch (error) {
    if ((error as SigningError).code !== 'BRIDGE_ORIGIN_DENIED') throw error
    // The page knows a certificate from before, but the bridge, restarted since, has not yet let it see any.
    const { listCertificates } = await import('./certificates.ts')
    await listCertificates(ask, run)
    return signAll()
  }
}

function signItem(
  request: SigningRequest,
  index: number,
  certificate: BridgeCertificate,
): SignItem {
  const { algorithm, document, documentDigest } = request
  if (!certificate.algorithms.includes(algorithm)) {
    throw new UsageError('USAGE_UNSUPPORTED_ALGORITHM', { details: { algorithm } })
  }
  const digest = { algorithm: getAlgorithm(algorithm).digest, value: documentDigest }
  // The shape takes of it what belongs on the wire.
  const item = { ...request, id: String(index + 1), document: { ...document, digest } }
  return item as SignItem
}

/** Room in a message for all that is no item. */
const ENVELOPE_BYTES = 1024

const encodePart = (params: Infer<typeof signItems.params>): string =>
  encodeNotification(signItems.method, signItems.params.write(params))

/**
 * Spreads items over messages; mostly one.
 * @throws {UsageError} USAGE_ARGUMENT {argument, expected, item} where one is not as the wire has it
 */
function splitItems(items: readonly SignItem[]): readonly (readonly SignItem[])[] {
  const parts: SignItem[][] = []
  let room = 0
  for (const [index, item] of items.entries()) {
    const size = measure(item, index)
    const last = parts.at(-1)
    room -= size
    if (last !== undefined && room >= 0 && last.length < MAX_ITEMS) {
      last.push(item)
    } else {
      parts.push([item])
      room = MAX_FRAME_BYTES - ENVELOPE_BYTES - size
    }
  }
  return parts
}

/** How long an item is in a message. What the bridge would refuse is better said here, by the name that the developer knows. */
function measure(item: SignItem, index: number): number {
  const params = { request: 1, items: [item] }
  try {
    const written = signItems.params.write(params)
    signItems.params.read(written, 'requests')
    return encodeUtf8(JSON.stringify(written)).length
  } catch (cause) {
    const [argument = '', expected = ''] = (cause as Error).message.split(': expected ')
    const details = { argument, expected, item: index + 1 }
    throw new UsageError('USAGE_ARGUMENT', { details, cause })
  }
}
