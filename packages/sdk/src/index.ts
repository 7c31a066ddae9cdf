/**
 * Trien: digital signing for web portals.
 * @module
 */
export * from './errors.ts'
export { describeError } from './error-texts.ts'
export * from './types.ts'
export { ALGORITHM_NAMES, isAlgorithmName } from './algorithms.ts'
export { describeCertificate } from './sign/describe-certificate.ts'
export { softwareSigner, type SoftwareKey } from './provider/webcrypto.ts'
export {
  completeCms,
  prepareCms,
  signCms,
  type DocumentLabel,
  type PrepareCmsOptions,
  type PreparedCms,
  type SignCmsOptions,
} from './sign/cms.ts'
export {
  completePdf,
  preparePdf,
  signPdf,
  type ChangeLevel,
  type FieldLock,
  type PreparedPdf,
  type PreparePdfOptions,
  type SignPdfOptions,
} from './sign/pdf.ts'
export {
  addSignature,
  counterSign,
  type AddSignatureOptions,
  type CounterSignOptions,
} from './sign/cosign.ts'
export * from './sign/appearance.ts'
export {
  addAsicSignature,
  completeAsic,
  counterSignAsic,
  packAsic,
  prepareAsic,
  signAsic,
  type AddAsicOptions,
  type AsicFile,
  type AsicSignature,
  type AsicType,
  type CounterSignAsicOptions,
  type PrepareAsicOptions,
  type PreparedAsic,
  type SignAsicOptions,
} from './sign/asic.ts'
export {
  addJsonSignature,
  completeJson,
  counterSignJson,
  prepareJson,
  signJson,
  type AddJsonOptions,
  type CounterSignJsonOptions,
  type JsonDocument,
  type PrepareJsonOptions,
  type PreparedJson,
  type SignJsonOptions,
} from './sign/json.ts'
export {
  addSignatureField,
  type SeedValue,
  type SignatureFieldOptions,
} from './sign/signature-field.ts'
export {
  repairPdf,
  type Repair,
  type RepairedPdf,
  type RepairPdfOptions,
} from './sign/repair-pdf.ts'
export {
  completeXml,
  prepareXml,
  signXml,
  type DetachedDocument,
  type PrepareXmlOptions,
  type PreparedXml,
  type SignXmlOptions,
} from './sign/xml.ts'
export {
  completeOffice,
  prepareOffice,
  signOffice,
  type PrepareOfficeOptions,
  type PreparedOffice,
  type SignOfficeOptions,
} from './sign/office.ts'
export {
  timestampPdf,
  upgrade,
  type TimestampPdfOptions,
  type UpgradeOptions,
} from './sign/upgrade.ts'
export type { ProfileChoice, ProfileName } from './sign/profile.ts'
export * from './sign/batch.ts'
export * from './provider/bridge.ts'
export * from './http/index.ts'
