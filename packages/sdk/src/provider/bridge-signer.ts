/**
 * Signing through the bridge: one message, one consent, one PIN, however many requests.
 * @module
 */
import { getAlgorithm } from '../algorithms.ts'
import { BridgeError, type Language, type SigningError, UsageError } from '../errors.ts'
import type { Bytes, SignOptions, SigningRequest } from '../types.ts'
import { MAX_ITEMS } from '../wire/limits.ts'
import { type SignItem, sign } from '../wire/sign.ts'
import type { Infer } from '../wire/shape.ts'
import type { Ask } from './ask.ts'
import type { BridgeCertificate } from './certificates.ts'
import { collectSignatures } from './collect-signatures.ts'
import { TOO_LARGE, assertNotAborted } from './connection.ts'

type SignParams = Infer<typeof sign.params>

/** What one signing run is made of besides its requests. */
export interface SigningRun extends SignOptions {
  readonly certificate: BridgeCertificate
  readonly language?: Language
}

/**
 * Signs all requests.
 * @returns signature values in the order of the requests
 * @throws as `Signer.sign`; BRIDGE_TOO_LARGE where they do not fit one message: more would be more than one PIN
 */
export async function signThroughBridge(
  ask: Ask,
  requests: readonly SigningRequest[],
  run: SigningRun,
): Promise<readonly Bytes[]> {
  assertNotAborted(run.signal)
  if (requests.length === 0) return []
  if (requests.length > MAX_ITEMS) throw new BridgeError(TOO_LARGE.code, TOO_LARGE)
  const items = requests.map((request, index) => signItem(request, index, run.certificate))
  const inLanguage = run.language === undefined ? {} : { language: run.language }
  const params = { certificate: run.certificate.id, items, ...inLanguage }
  assertShape(params)

  const collect = { ...run, ids: items.map(({ id }) => id) }
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

/** What the bridge would refuse is better said here, by the name that the developer knows. */
function assertShape(params: SignParams): void {
  try {
    sign.params.read(sign.params.write(params), 'requests')
  } catch (cause) {
    const [argument = '', expected = ''] = (cause as Error).message.split(': expected ')
    throw new UsageError('USAGE_ARGUMENT', { details: { argument, expected }, cause })
  }
}
