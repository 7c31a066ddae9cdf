/**
 * What a visible signature can say, and the marks of Vietnam's clerical rules as templates, for the option `appearance` of
 * `signPdf` and `preparePdf`.
 * @module
 */
export type {
  Appearance,
  AppearanceContent,
  Corner,
  FontSource,
  Line,
  Place,
  TextContent,
  TimeFormat,
} from '../pades/appearance/appearance.ts'
export {
  archivedRecord,
  certifiedCopy,
  incomingStamp,
  organisationSeal,
  personalSignature,
  sealedMark,
  separateAttachment,
  signerBlock,
  type PlacedAppearance,
} from '../pades/appearance/templates.ts'
