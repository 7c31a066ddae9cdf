/**
 * Certificates, revocation values and time stamps as etsiU holds them.
 *
 * ```
 * sigTst, arcTst   {"tstTokens": [{"val": base64}]}                                     TS 119 182-1 §5.4.3.3
 * xVals            [{"x509Cert": {"val": base64}}, …]                                   §5.3.5.2
 * rVals            {"ocspVals": [{"val": base64}, …], "crlVals": [{"val": base64}, …]}  §5.3.5.3
 * tstVD, anyValData {"xVals", "rVals"}                                                  §5.3.5.4
 * ```
 * @module
 */
import { encodeBase64, parseBase64 } from '../base64.ts'
import { type Bytes, encodeHex } from '../bytes.ts'
import { type EtsiComponent, addEtsiU, parseEtsiU } from './etsi-u.ts'
import { type JwsSignature, isObject, parseProtected } from './jws.ts'
import { malformedJws } from './malformed.ts'

/** DER each. */
export interface JadesValues {
  readonly certificates: readonly Bytes[]
  readonly ocspResponses: readonly Bytes[]
  readonly crls: readonly Bytes[]
}

/** Adds one time stamp. @param name `sigTst` or `arcTst` */
export function addTimestamp(
  signature: JwsSignature,
  name: 'sigTst' | 'arcTst',
  tokenDer: Uint8Array,
): JwsSignature {
  return addEtsiU(signature, name, { tstTokens: [{ val: encodeBase64(tokenDer) }] })
}

/** Finds all TimeStampTokens of a signature, whatever they stamp. @throws {FormatError} FORMAT_MALFORMED */
export function findTokens(signature: JwsSignature): readonly Bytes[] {
  return parseEtsiU(signature)
    .filter(({ name }) => name === 'sigTst' || name === 'arcTst')
    .flatMap(({ value }) => {
      const tokens = isObject(value) ? value['tstTokens'] : undefined
      if (!Array.isArray(tokens)) throw malformedJws('tstTokens')
      return tokens.map(readValue)
    })
}

/** Reads x5c: the signer's certificate first; empty where there is none. @throws {FormatError} FORMAT_MALFORMED */
export function findCertificates(signature: JwsSignature): readonly Bytes[] {
  const { x5c = [] } = parseProtected(signature)
  if (!Array.isArray(x5c)) throw malformedJws('x5c as a list')
  return x5c.map((val) => readValue({ val }))
}

/** Finds all certificates and revocation values that were added. @throws {FormatError} FORMAT_MALFORMED */
export function findValues(signature: JwsSignature): JadesValues {
  const all = parseEtsiU(signature).map(readValues)
  return {
    certificates: all.flatMap(({ certificates }) => certificates),
    ocspResponses: all.flatMap(({ ocspResponses }) => ocspResponses),
    crls: all.flatMap(({ crls }) => crls),
  }
}

/**
 * Adds what is not there yet: as xVals and rVals the first time, as anyValData later.
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function addValues(signature: JwsSignature, values: JadesValues): JwsSignature {
  const known = findValues(signature)
  const certificates = without(values.certificates, [
    ...known.certificates,
    ...findCertificates(signature),
  ])
  const ocspResponses = without(values.ocspResponses, known.ocspResponses)
  const crls = without(values.crls, known.crls)
  const xVals = certificates.map((der) => ({ x509Cert: { val: encodeBase64(der) } }))
  const rVals = {
    ...(crls.length === 0 ? {} : { crlVals: crls.map(encodeValue) }),
    ...(ocspResponses.length === 0 ? {} : { ocspVals: ocspResponses.map(encodeValue) }),
  }
  const added = Object.entries({ xVals, rVals }).filter(
    ([, value]) => Object.keys(value).length > 0,
  )
  const isLater = parseEtsiU(signature).some(({ name }) => name !== 'sigTst' && name !== 'cSig')
  if (isLater && added.length > 0) {
    return addEtsiU(signature, 'anyValData', Object.fromEntries(added))
  }
  return added.reduce((sum, [name, value]) => addEtsiU(sum, name, value), signature)
}

function encodeValue(der: Uint8Array): { readonly val: string } {
  return { val: encodeBase64(der) }
}

function readValues({ name, value }: EtsiComponent): JadesValues {
  const isBoth = name === 'tstVD' || name === 'anyValData'
  const holder = isBoth ? value : { [name]: value }
  const { xVals = [], rVals = {} } = isObject(holder) ? holder : {}
  if (!Array.isArray(xVals) || !isObject(rVals)) throw malformedJws('xVals and rVals')
  const { ocspVals = [], crlVals = [] } = rVals
  if (!Array.isArray(ocspVals) || !Array.isArray(crlVals)) throw malformedJws('rVals')
  return {
    // Certificates of other kinds are nothing that is looked for.
    certificates: xVals.flatMap((one: unknown) =>
      isObject(one) && one['x509Cert'] !== undefined ? [readValue(one['x509Cert'])] : [],
    ),
    ocspResponses: ocspVals.map(readValue),
    crls: crlVals.map(readValue),
  }
}

function readValue(value: unknown): Bytes {
  const text = isObject(value) ? value['val'] : undefined
  const bytes = typeof text === 'string' ? parseBase64(text) : undefined
  if (bytes === undefined) throw malformedJws('base64 of DER')
  return bytes
}

function without(values: readonly Bytes[], known: readonly Bytes[]): readonly Bytes[] {
  const names = new Set(known.map(encodeHex))
  return values.filter((value) => !names.has(encodeHex(value)))
}
