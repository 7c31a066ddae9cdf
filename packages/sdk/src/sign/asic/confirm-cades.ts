/**
 * CAdES signatures in a container, as they can be confirmed. Loaded only where they are.
 * @module
 */
import { findSignerCertificate } from '../../cms/check-signer.ts'
import { parseSignedData } from '../../cms/parse.ts'
import { counterSign } from '../cosign/counter-sign.ts'
import type { ListConfirmable } from './confirmable.ts'

/** Lists the signers of a .p7s. */
export const listConfirmable: ListConfirmable = async (name, file) => {
  const parts = parseSignedData(file, 'signature')
  return parts.signerInfos.map((signer, which) => ({
    name,
    certificate: findSignerCertificate(parts, signer)?.certificateDer,
    confirm: (confirming) => counterSign(file, { ...confirming, which }),
  }))
}
