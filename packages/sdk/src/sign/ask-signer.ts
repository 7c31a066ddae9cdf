/**
 * One prepared document goes to the signer, one signature value comes back.
 * @module
 */
import { assertNotAborted } from '../digest.ts'
import { wrongArgument } from '../errors.ts'
import type { SignOptions, Signer, SigningRequest } from '../types.ts'
import { untilAborted } from './until-aborted.ts'

/** The bridge takes a second to take its dialog away; who has not stopped by then does not listen. */
const PATIENCE_MS = 5_000

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
  const [value] = await callSigner(signer, [request], options)
  // Not every signer listens to the signal; nobody gets a document whose signing was cancelled.
  assertNotAborted(options.signal)
  return value as Uint8Array
}

/**
 * Asks a signer for signature values. One that goes on after an abort is waited for five seconds longer.
 * @returns as many as there are requests, not yet checked
 * @throws whatever the signer throws; {UserError} USER_CANCELLED; {UsageError} USAGE_ARGUMENT where it answers with anything else
 */
export async function callSigner(
  signer: Signer,
  requests: readonly SigningRequest[],
  options: SignOptions,
): Promise<readonly Uint8Array[]> {
  const signing = (async (): Promise<unknown> => signer.sign(requests, options))()
  const values = await untilAborted(signing, options.signal, PATIENCE_MS)
  const isWhole = Array.isArray(values) && values.length === requests.length
  if (isWhole && values.every((value) => value instanceof Uint8Array)) return values
  throw wrongSigner()
}

/** Makes the error of a signer that answers otherwise than a signer does. */
export function wrongSigner(): Error {
  return wrongArgument('signer', 'a Signer that answers one value a request')
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
