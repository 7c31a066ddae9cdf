/**
 * Signing bare digests, for portals whose server builds the container. The bridge cannot see what it signs, so it does
 * this only for origins that the machine's administrator names, and says so to the person.
 * @module
 */
import { type Language, wrongArgument } from '../errors.ts'
import type { AlgorithmName, Bytes, DocumentDescription, SignOptions } from '../types.ts'
import { type DigestItem, signDigests as message } from '../wire/digest.ts'
import type { Ask } from './ask.ts'
import type { BridgeCertificate } from './certificates.ts'
import { collectSignatures } from './collect-signatures.ts'

/** One digest to sign. */
export interface DigestRequest {
  readonly algorithm: AlgorithmName
  /** By the algorithm's own hash, of whatever the server will put the signature on. */
  readonly digest: Uint8Array
  /** What the person is told that this is. */
  readonly document: DocumentDescription
}

/**
 * Signs all digests with one consent and one PIN.
 * @returns signature values in the order of the requests: the RSA integer as octets, or ECDSA's r‖s at fixed width
 * @throws {UsageError} USAGE_ARGUMENT
 * @throws {BridgeError} BRIDGE_ORIGIN_DENIED {reason: digest} where the machine's administrator does not name this
 *   origin; and as `Signer.sign`
 */
export async function signDigests(
  ask: Ask,
  requests: readonly DigestRequest[],
  run: SignOptions & { readonly certificate: BridgeCertificate; readonly language?: Language },
): Promise<readonly Bytes[]> {
  const { certificate, language } = run
  const items = requests.map((request, index) => ({ ...request, id: String(index + 1) }))
  const inLanguage = language === undefined ? {} : { language }
  const params = { certificate: certificate.id, items: items as DigestItem[], ...inLanguage }
  try {
    message.params.read(message.params.write(params), 'requests')
  } catch (cause) {
    const [argument = '', expected = ''] = (cause as Error).message.split(': expected ')
    throw wrongArgument(argument, expected)
  }
  const ids = items.map(({ id }) => id)
  return collectSignatures((heed) => ask(message, params, heed), { ...run, ids })
}
