/**
 * XAdES signatures in a container, as they can be confirmed. Loaded only where they are.
 * @module
 */
import { listSignatures } from '../../xades/place.ts'
import { findKeyCertificates } from '../../xades/unsigned-properties.ts'
import { parseXml } from '../../xml/parse.ts'
import { signXml } from '../xml.ts'
import type { ListConfirmable } from './confirmable.ts'

/** Lists the signatures of a signatures.xml. */
export const listConfirmable: ListConfirmable = async (name, file) =>
  listSignatures(await parseXml(file)).map((signature) => ({
    name,
    certificate: findKeyCertificates(signature)[0],
    confirm: (confirming) =>
      signXml(file, {
        ...confirming,
        packaging: 'counter-signature',
        target: signature.getAttribute('Id') ?? undefined,
      }),
  }))
