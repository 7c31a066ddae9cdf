/**
 * What the signing input of a JSON Web Signature says.
 *
 * ```
 * BASE64URL(protected header) '.' payload                              RFC 7515 §5.1, RFC 7797 §3
 *   payload   BASE64URL of the document; or, where b64 is false, its very bytes; or nothing, where sigD lists digests
 * ```
 *
 * A document that makes more than 64 KiB of this is signed by its digest, in sigD (ObjectIdByURIHash, ETSI TS 119 182-1
 * §5.2.8.3.3). The reader of the header is in `protected-header`.
 * @module
 */
import { createHash } from 'node:crypto'
import { parseBase64url } from '@trien/sdk/bytes'
import { type Claimed, assertDigests, assertNamed } from './claimed.ts'
import { assertClaim } from './mismatch.ts'
import { type Detached, readHeader } from './protected-header.ts'
import type { Said } from './said.ts'

const DOT = 0x2e

/**
 * @returns what the header says beside time and certificate
 * @throws {BridgeError} BRIDGE_CLAIM_MISMATCH {claim}
 */
export function assertSigningInput(claimed: Claimed): Said {
  const { toBeSigned, signedProperties } = claimed
  assertClaim('signed-properties', signedProperties === undefined)
  const dot = toBeSigned.indexOf(DOT)
  assertClaim('structure', dot > 0)
  const text = Buffer.from(toBeSigned.subarray(0, dot)).toString('latin1')
  const headerBytes = parseBase64url(text)
  assertClaim('structure', headerBytes !== undefined)
  const header = readHeader(headerBytes, claimed)
  const payload = toBeSigned.subarray(dot + 1)
  if (header.detached !== undefined) {
    assertClaim('payload', payload.length === 0)
    assertDetached(header.detached, claimed)
    return header.said
  }
  const content = header.isRaw ? payload : readPayload(payload)
  const [document] = claimed.documents
  assertClaim('document-size', document?.size === content.length && content.length > 0)
  const hash = createHash(claimed.algorithm.digest.replace('-', '')).update(content).digest()
  assertDigests(claimed.documents, [hash])
  return header.said
}

function readPayload(payload: Uint8Array): Uint8Array {
  const content = parseBase64url(Buffer.from(payload).toString('latin1'))
  assertClaim('payload', content !== undefined)
  return content
}

function assertDetached({ hash, names, digests }: Detached, claimed: Claimed): void {
  assertClaim('digest-algorithm', hash === claimed.algorithm.digest)
  assertDigests(claimed.documents, digests)
  claimed.documents.forEach((document, index) => assertNamed(names[index] ?? '', document))
}
