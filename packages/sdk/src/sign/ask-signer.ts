/**
 * One prepared document goes to the signer, one signature value comes back.
 * @module
 */
import { assertNotAborted } from '../digest.ts'
import { wrongArgument } from '../errors.ts'
import type { SignOptions, Signer, SigningRequest } from '../types.ts'

/**
 * Asks a signer for the signature value of one prepared document. It is handed the request alone: what a format keeps
 * to complete (the document's content, perhaps) is none of its business.
 * @returns the value as the signer gave it, not yet checked
 * @throws whatever the signer throws; {UserError} USER_CANCELLED where the signal aborted meanwhile; {UsageError} USAGE_ARGUMENT where it answers with anything but one value
 */
export async function askSigner(
  signer: Signer,
  prepared: SigningRequest,
  options: SignOptions,
): Promise<Uint8Array> {
  const request = toRequest(prepared)
  const signatures: readonly unknown[] = await signer.sign([request], options)
  const { signal } = options
  // Not every signer listens to the signal; nobody gets a document whose signing was cancelled.
  assertNotAborted(signal)
  const [value] = signatures
  if (signatures.length === 1 && value instanceof Uint8Array) return value
  throw wrongArgument('signer', 'a Signer that answers one value a request')
}

/** Takes of a prepared document what a signer is shown. */
export function toRequest(prepared: SigningRequest): SigningRequest {
  const { kind, algorithm, toBeSigned, documentDigest, document } = prepared
  const { signedProperties, officeObject, alsoSigned, countersigned } = prepared
  return {
    ...{ kind, algorithm, toBeSigned, documentDigest, document },
    ...(signedProperties === undefined ? {} : { signedProperties }),
    ...(officeObject === undefined ? {} : { officeObject }),
    ...(alsoSigned === undefined ? {} : { alsoSigned }),
    ...(countersigned === undefined ? {} : { countersigned }),
  }
}
