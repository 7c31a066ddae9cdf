/**
 * The second half of every signature in JSON: the value is checked and put in its place.
 * @module
 */
import { type Bytes, encodeBase64url } from '../../bytes.ts'
import { assertSignature } from '../../cms/assert-signature.ts'
import { addEtsiU } from '../../jades/etsi-u.ts'
import { type JwsSignature, encodeJws, parseJws } from '../../jades/jws.ts'
import type { PreparedJson } from './options.ts'

/**
 * Completes what was prepared with its signature value, which is verified first.
 * @param prepared as it was prepared, or a structured clone
 * @param signatureValue RSA's octets, or ECDSA's r‖s at fixed width
 * @returns UTF-8 of a JWS in the form that was asked for; a fresh array that the caller owns
 * @throws {UsageError} USAGE_ARGUMENT where the value is not bytes
 * @throws {TokenError} TOKEN_SIGNATURE_INVALID
 * @since 0.1
 */
export async function completeJson(
  prepared: PreparedJson,
  signatureValue: Uint8Array,
): Promise<Bytes> {
  return placeSignature(await completeSignature(prepared, signatureValue), prepared)
}

/** Makes the signature alone. @throws as `completeJson` */
export async function completeSignature(
  prepared: PreparedJson,
  signatureValue: Uint8Array,
): Promise<JwsSignature> {
  const { toBeSigned, signatureValue: value } = await assertSignature(prepared, signatureValue)
  return { protected: splitInput({ toBeSigned }).header, signature: encodeBase64url(value) }
}

/** The payload as it is signed. */
export function getPayload(prepared: PreparedJson): string {
  return splitInput(prepared).payload
}

/** Puts a signature where it belongs: alone, beside those of others, or below one of them. */
export function placeSignature(signature: JwsSignature, prepared: PreparedJson): Bytes {
  const { form, others, isEnclosed, countersigned } = prepared.state
  if (others === undefined) {
    const payload = isEnclosed ? getPayload(prepared) : undefined
    return encodeJws({ form, payload, signatures: [signature], others: {} }, form)
  }
  const jws = parseJws(others)
  const signatures =
    countersigned === undefined
      ? [...jws.signatures, signature]
      : jws.signatures.map((one, index) =>
          index === countersigned ? addEtsiU(one, 'cSig', signature) : one,
        )
  return encodeJws({ ...jws, signatures }, form)
}

function splitInput({ toBeSigned }: Pick<PreparedJson, 'toBeSigned'>): {
  header: string
  payload: string
} {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(toBeSigned)
  const dot = text.indexOf('.')
  return { header: text.slice(0, dot), payload: text.slice(dot + 1) }
}
