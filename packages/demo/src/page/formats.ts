/**
 * How the portal signs each kind of file: all that it asks of the SDK's formats is here. What a page does not sign, it does
 * not load.
 * @module
 */
import type { BatchItem } from '@trien/sdk/batch'
import type { DocumentLabel, SignCmsOptions } from '@trien/sdk/cms'
import type { Appearance } from '@trien/sdk/appearance'

/** A kind of file, by the name that a batch has for its format. */
export type FormatName = Extract<BatchItem['format'], 'pdf' | 'office' | 'xml' | 'cms'>

/** What each format is told alike. */
type CommonOptions = Pick<
  SignCmsOptions,
  'signer' | 'signal' | 'signingTime' | 'document' | 'onProgress'
>

/** What of a batch's item is alike in each format. */
interface ItemParts {
  readonly id: string
  readonly document: Blob
  readonly options: { readonly document: DocumentLabel }
}

interface Format {
  /** As the person reads it. */
  readonly title: string
  /** Of whose names; in order, the first that fits. */
  readonly names: RegExp
  /** Of a file whose own is not known. */
  readonly mediaType: string
  /** The signature is in the file, not beside it. */
  readonly isInside: boolean
  sign(content: Blob, options: CommonOptions, appearance?: Appearance): Promise<BlobPart>
  /** As one of several that are signed together. */
  item(document: ItemParts): BatchItem
}

/** So that the next person can sign the same file. */
const XML_OPTIONS = { moreSignatures: true }

export const FORMATS: Readonly<Record<FormatName, Format>> = {
  pdf: {
    title: 'PAdES B-B (PDF)',
    names: /\.pdf$/i,
    mediaType: 'application/pdf',
    isInside: true,
    async sign(content, options, appearance) {
      const { signPdf } = await import('@trien/sdk/pades')
      return signPdf(content, { ...options, appearance })
    },
    item: (parts) => ({ ...parts, format: 'pdf' }),
  },
  office: {
    title: 'XAdES B-B (Office)',
    names: /\.(doc|dot|xls|xlt|ppt|pot|pps)[xm]$/i,
    mediaType: 'application/octet-stream',
    isInside: true,
    async sign(content, options) {
      const { signOffice } = await import('@trien/sdk/ooxml')
      return signOffice(content, options)
    },
    item: (parts) => ({ ...parts, format: 'office' }),
  },
  xml: {
    title: 'XAdES B-B (XML)',
    names: /\.xml$/i,
    mediaType: 'application/xml',
    isInside: true,
    async sign(content, options) {
      const { signXml } = await import('@trien/sdk/xades')
      return signXml(content, { ...options, ...XML_OPTIONS })
    },
    item: ({ options, ...rest }) => ({
      ...rest,
      format: 'xml',
      options: { ...options, ...XML_OPTIONS },
    }),
  },
  cms: {
    title: 'CAdES B-B (CMS)',
    names: /^/,
    mediaType: 'application/octet-stream',
    isInside: false,
    async sign(content, options) {
      const { signCms } = await import('@trien/sdk/cms')
      return signCms(content, options)
    },
    item: (parts) => ({ ...parts, format: 'cms' }),
  },
}

/** Finds the format of a file by its name. */
export function formatOf(name: string): FormatName {
  const names = Object.keys(FORMATS) as FormatName[]
  return names.find((format) => FORMATS[format].names.test(name)) ?? 'cms'
}
