/**
 * Extensions of a certificate.
 *
 * ```
 * Extension ::= SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
 *                                                                                                 RFC 5280 §4.1, §4.2
 * ```
 * @module
 */
import { TAG, contextTag } from './der.ts'
import { type DerNode, readDer } from './reader.ts'

/** One extension. */
export interface Extension {
  readonly isCritical: boolean
  /** What the OCTET STRING holds. */
  readonly value: DerNode
}

/**
 * Finds an extension in a TBSCertificate.
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function findExtension(tbs: DerNode, oid: string): Extension | undefined {
  const extensions = tbs.children.find((child) => child.tag === contextTag(3))
  const extension = extensions?.children[0]?.children.find(
    (child) => child.assertTag(TAG.SEQUENCE).getChild(0, TAG.OID).readOid() === oid,
  )
  if (extension === undefined) return undefined
  const { children } = extension
  const value = children.at(-1)?.assertTag(TAG.OCTET_STRING) ?? extension.fail('a value')
  const critical = children.length > 2 ? extension.getChild(1, TAG.BOOLEAN).contents[0] : 0
  return { isCritical: critical === 0xff, value: readDer(value.contents, 'extension') }
}
