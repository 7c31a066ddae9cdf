/**
 * Signs a CMS that others signed: beside them, or on a signature of one of them.
 *
 * ```
 * SignedData ─ signerInfos ┬ SignerInfo of A ─ unsignedAttrs ─ countersignature: SignerInfo of C, over A's signature value
 *                          └ SignerInfo of B, over the same content                                   counterSign
 *                                                                                addSignature
 * ```
 * What others signed, and what they put beside it, keeps its very bytes.
 * @module
 */
export { addSignature, type AddSignatureOptions } from './cosign/add-signature.ts'
export { counterSign, type CounterSignOptions } from './cosign/counter-sign.ts'
