/**
 * What is added to a signature after it was made: the array etsiU of the unprotected header.
 *
 * ```
 * "header": {"etsiU": [base64url of {"sigTst": …}, base64url of {"xVals": …}, …]}        TS 119 182-1 §5.3.1
 * ```
 *
 * Its elements are base64url, so that archive time stamps are over text that nobody writes anew; in the clear they are
 * kept where somebody else began so, but not stamped over: no canonical form of JSON is fixed for them.
 * @module
 */
import { encodeBase64url, encodeUtf8 } from '../bytes.ts'
import { parseEncoded } from './exact-json.ts'
import { type JwsSignature, isObject } from './jws.ts'
import { malformedJws } from './malformed.ts'

/** One element. */
export interface EtsiComponent {
  /** For example `sigTst`. */
  readonly name: string
  readonly value: unknown
  /** base64url as it stands there; undefined where it is in the clear. */
  readonly text: string | undefined
}

const MAX_COMPONENTS = 1024
const ENCODED = 'an element of etsiU in base64url of JSON'

/**
 * Reads all elements, in their order; empty where there are none.
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function parseEtsiU({ header }: JwsSignature): readonly EtsiComponent[] {
  const list = header?.['etsiU'] ?? []
  if (!Array.isArray(list) || list.length > MAX_COMPONENTS) throw malformedJws('etsiU as a list')
  const components = list.map(parseComponent)
  if (new Set(components.map(({ text }) => text === undefined)).size > 1) {
    throw malformedJws('etsiU in base64url alone, or in the clear alone')
  }
  return components
}

/** Adds one element behind the others. @throws {FormatError} FORMAT_MALFORMED where those that are there cannot be read */
export function addEtsiU(signature: JwsSignature, name: string, value: unknown): JwsSignature {
  const components = parseEtsiU(signature)
  const isClear = components.some(({ text }) => text === undefined)
  const added = { [name]: value }
  const element = isClear ? added : encodeBase64url(encodeUtf8(JSON.stringify(added)))
  const list = (signature.header?.['etsiU'] as readonly unknown[] | undefined) ?? []
  return { ...signature, header: { ...signature.header, etsiU: [...list, element] } }
}

function parseComponent(element: unknown): EtsiComponent {
  const text = typeof element === 'string' ? element : undefined
  const object = text === undefined ? element : parseEncoded(text, ENCODED)
  if (!isObject(object)) throw malformedJws('an element of etsiU that is an object')
  const [entry, ...others] = Object.entries(object)
  if (entry === undefined || others.length > 0) throw malformedJws('one member in an element')
  return { name: entry[0], value: entry[1], text }
}
