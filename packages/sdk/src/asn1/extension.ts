/**
 * Extensions of certificates, lists of revoked ones and OCSP answers.
 *
 * ```
 * Extension ::= SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
 *                                                                                                 RFC 5280 §4.1, §4.2
 * ```
 * @module
 */
import type { Bytes } from '../bytes.ts'
import { TAG, contextTag } from './der.ts'
import { type DerNode, readDer } from './reader.ts'

/** One extension. */
export interface Extension {
  readonly isCritical: boolean
  /** What the OCTET STRING holds. */
  readonly value: DerNode
}

/** One of a list, its value not yet looked at. */
export interface NamedExtension {
  readonly oid: string
  readonly isCritical: boolean
  /** What the OCTET STRING holds, which is DER where its definition says so. */
  readonly valueDer: Bytes
}

/**
 * Finds an extension in a TBSCertificate.
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function findExtension(tbs: DerNode, oid: string): Extension | undefined {
  const list = tbs.children.find((child) => child.tag === contextTag(3))?.children[0]
  const found = parseExtensions(list).find((extension) => extension.oid === oid)
  return found && { isCritical: found.isCritical, value: readDer(found.valueDer, 'extension') }
}

/**
 * Reads a list of extensions.
 * @param list SEQUENCE OF Extension; undefined where there is none
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function parseExtensions(list: DerNode | undefined): readonly NamedExtension[] {
  return (list?.assertTag(TAG.SEQUENCE).children ?? []).map((extension) => {
    const { children } = extension.assertTag(TAG.SEQUENCE)
    const value = children.at(-1)?.assertTag(TAG.OCTET_STRING) ?? extension.fail('a value')
    const critical = children.length > 2 ? extension.getChild(1, TAG.BOOLEAN).contents[0] : 0
    const oid = extension.getChild(0, TAG.OID).readOid()
    return { oid, isCritical: critical !== 0, valueDer: value.contents }
  })
}
