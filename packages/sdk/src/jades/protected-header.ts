/**
 * What a signature says of itself and is signed with it.
 *
 * ```
 * alg        RFC 7518 §3.1
 * cty        what the payload is; not where documents lie outside, nor in a counter-signature      §5.1.3
 * x5t#S256   SHA-256 of the certificate; x5t#o is for other hashes                                 §5.1.7, §5.2.2
 * x5c        the certificate and its issuers, each certified by the next, without the root         §5.1.8
 * iat        the time that the signer claims                                                       §5.1.11
 * …          what the signer claims beside it                                                      see claim-parameters
 * b64 false  the payload is signed as it is                                                        §5.1.10, RFC 7797
 * sigD       documents outside                                                                     §5.2.8
 * crit       b64 and sigD where they are there                                                     §5.1.9
 * ```
 * @module
 */
import { type Certificate, isSelfIssued } from '../asn1/certificate.ts'
import { encodeBase64 } from '../base64.ts'
import { encodeBase64url, encodeUtf8, equalBytes } from '../bytes.ts'
import { digestBytes } from '../digest.ts'
import { load } from '../load.ts'
import { assertSigningTime } from '../signing-time.ts'
import type { AlgorithmName, SignerClaims } from '../types.ts'
import type { SigD } from './detached.ts'

/** What a header is made of. */
export interface HeaderInput {
  readonly algorithm: AlgorithmName
  readonly certificate: Certificate
  /** In any order; what does not lead from the certificate to a root is left out. */
  readonly chain: readonly Certificate[]
  readonly signingTime: Date
  /** Undefined where the payload is not to be described. */
  readonly contentType: string | undefined
  /** Whether the payload is signed as it is, rather than in base64url. */
  readonly isRaw: boolean
  readonly sigD: SigD | undefined
  /** As `checkClaims` returned them. */
  readonly claims: SignerClaims | undefined
}

/** As many as the bridge reads. */
const MAX_CERTIFICATES = 8

/**
 * Writes the JWS Protected Header.
 * @returns base64url of its JSON, of which every byte is signed
 * @throws {UsageError} USAGE_ARGUMENT for a time that is none
 * @see TS 119 182-1 §5.1, §5.2, §6.3 table 1
 */
export async function encodeProtectedHeader(input: HeaderInput): Promise<string> {
  const { algorithm, certificate, chain, contentType, isRaw, sigD, claims } = input
  assertSigningTime(input.signingTime, { first: 1970 })
  const crit = [...(isRaw ? ['b64'] : []), ...(sigD === undefined ? [] : ['sigD'])]
  const header = {
    alg: algorithm,
    ...(contentType === undefined ? {} : { cty: contentType }),
    'x5t#S256': encodeBase64url(await digestBytes('SHA-256', certificate.certificateDer)),
    x5c: findPath(certificate, chain).map(({ certificateDer }) => encodeBase64(certificateDer)),
    iat: Math.floor(input.signingTime.getTime() / 1000),
    ...(claims && (await load(import('./claim-parameters.ts'))).listClaims(claims)),
    ...(isRaw ? { b64: false } : {}),
    ...(sigD === undefined ? {} : { sigD }),
    ...(crit.length === 0 ? {} : { crit }),
  }
  return encodeBase64url(encodeUtf8(JSON.stringify(header)))
}

/** Each certified by the next (RFC 7515 §4.1.6). A root is left out: who trusts it has it. */
function findPath(certificate: Certificate, chain: readonly Certificate[]): Certificate[] {
  const path = [certificate]
  let issuer = findIssuer(certificate, chain)
  while (issuer !== undefined && !path.includes(issuer) && path.length < MAX_CERTIFICATES) {
    path.push(issuer)
    issuer = findIssuer(issuer, chain)
  }
  return path
}

function findIssuer({ issuerDer }: Certificate, chain: readonly Certificate[]) {
  return chain.find((one) => !isSelfIssued(one) && equalBytes(one.subjectDer, issuerDer))
}
