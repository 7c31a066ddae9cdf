/**
 * What a CMS is given after it was signed.
 * @module
 */
import {
  idAaAtsHashIndexV3,
  idAaEtsArchiveTimestampV3,
  idAaEtsContentTimestamp,
  idAaTimeStampToken,
} from '../asn1/authority-oid.ts'
import type { Bytes } from '../bytes.ts'
import { addUnsignedAttribute } from '../cms/add-attribute.ts'
import { addValidationData } from '../cms/add-validation-data.ts'
import { hashForArchive } from '../cms/archive-imprint.ts'
import { assertOpen } from '../cms/assert-open.ts'
import { findSignerCertificate } from '../cms/check-signer.ts'
import { encloseContent, takeContentOut } from '../cms/content-blob.ts'
import { withCounterSigners } from '../cms/counter-signers.ts'
import {
  type SignedDataParts,
  type SignerInfoParts,
  parseAttributes,
  parseSignedData,
} from '../cms/parse.ts'
import { FormatError } from '../errors.ts'
import { findProvenAt } from '../trust/proven-at.ts'
import type { RequestToken } from '../trust/request-timestamp.ts'
import type { Evidence } from '../trust/validation-data.ts'
import type { Rungs } from './ladder.ts'
import { stampCms } from './stamp-cms.ts'

/** What each level is to a CMS; of the content inside of a Blob not a byte is read. */
export function createRungs<S extends Bytes | Blob = Bytes>(): Rungs<S> {
  return {
    stamp: (cms, ask) => aroundContent(cms, (der) => stampCms(der, ask)),
    async evidence(cms) {
      const parts = parseSignedData(await readDetached(cms), 'signature')
      // Before authorities are asked for what has no place in it.
      assertOpen(parts)
      return collectEvidence(parts)
    },
    embed: (cms, data) =>
      aroundContent(cms, (der) => addValidationData(parseSignedData(der, 'signature'), data)),
    archive: (cms, ask) => aroundContent(cms, (der) => archiveCms(der, ask)),
  }
}

async function readDetached(cms: Bytes | Blob): Promise<Bytes> {
  return cms instanceof Blob ? (await takeContentOut(cms)).detached : cms
}

/** Nothing that is built on signatures needs what they are over but its digest, which they hold. */
async function aroundContent<S extends Bytes | Blob>(
  cms: S,
  build: (der: Bytes) => Bytes | Promise<Bytes>,
): Promise<S>
async function aroundContent(
  cms: Bytes | Blob,
  build: (der: Bytes) => Bytes | Promise<Bytes>,
): Promise<Bytes | Blob> {
  if (cms instanceof Uint8Array) return build(cms)
  const { detached, content } = await takeContentOut(cms)
  const built = await build(detached)
  const { type } = cms
  return content === undefined ? new Blob([built], { type }) : encloseContent(built, content, type)
}

/**
 * Finds whose certificates must be provable: each signer's and counter-signer's, and those of the time stamps before, of and
 * over his signature.
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED {feature} where a signer's certificate did not come along
 * @throws {TrustError} TRUST_TIMESTAMP where a time stamp is none
 */
export async function collectEvidence(parts: SignedDataParts): Promise<Evidence> {
  const all = withCounterSigners(parts.signerInfos)
  const signers = await Promise.all(
    all.map(async (signer) => {
      const certificate = findSignerCertificate(parts, signer)
      if (certificate === undefined) {
        const details = { feature: 'a signature without the certificate of its signer' }
        throw new FormatError('FORMAT_UNSUPPORTED', { details })
      }
      const stamps = listTokens(signer, [idAaTimeStampToken])
      const provenAt = await findProvenAt(signer.signature, stamps)
      return { certificate: certificate.certificateDer, pool: [], provenAt }
    }),
  )
  const tokens = all.flatMap((signer) => listTokens(signer, ALL_STAMPS))
  return { signers, tokens, pool: parts.certificates }
}

const ALL_STAMPS = [idAaEtsContentTimestamp, idAaTimeStampToken, idAaEtsArchiveTimestampV3]

function listTokens(
  { signedAttributes, unsignedAttributes }: SignerInfoParts,
  oids: readonly string[],
): readonly Bytes[] {
  return [signedAttributes, unsignedAttributes]
    .flatMap(parseAttributes)
    .filter(({ oid }) => oids.includes(oid))
    .flatMap(({ values }) => values.map(({ bytes }) => bytes))
}

/**
 * Gives each signature a time stamp over itself and all that was put beside it: archive-time-stamp-v3. One that is there
 * already is among what is stamped, and so are counter-signatures.
 * @throws {FormatError} FORMAT_MALFORMED, FORMAT_UNSUPPORTED {feature}; as `assertOpen`
 * @throws {TrustError} TRUST_TIMESTAMP
 * @see EN 319 122-1 §5.5 (CAdES B-LTA)
 */
async function archiveCms(cmsDer: Uint8Array, ask: RequestToken): Promise<Bytes> {
  const parts = parseSignedData(cmsDer, 'signature')
  assertOpen(parts)
  const tokens = new Map<number, Bytes>()
  for (const [index, signer] of parts.signerInfos.entries()) {
    const { digest, value, hashIndexDer } = await hashForArchive(parts, signer)
    const { tokenDer } = await ask({ digest, value })
    const token = parseSignedData(tokenDer, 'time stamp')
    const hashIndex = new Map([[0, hashIndexDer]])
    tokens.set(index, addUnsignedAttribute(token, idAaAtsHashIndexV3, hashIndex))
  }
  return addUnsignedAttribute(parts, idAaEtsArchiveTimestampV3, tokens)
}
