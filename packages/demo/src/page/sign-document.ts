/**
 * What the portal does with the SDK to sign one document: all of it is here.
 * @module
 */
import type { BridgeCertificate } from '@trien/sdk/bridge'
import type { DocumentLabel } from '@trien/sdk/cms'
import type { Signer } from '@trien/sdk/types'
import { FORMATS } from './formats.ts'
import { appearanceOf } from './looks.ts'
import type { ChosenDocument, Looks, Outcome, SignedFile } from './state.ts'

/** Who signs, and who is told how far it is. */
export interface SigningRun {
  readonly signer: Signer
  /** What is seen of it. */
  readonly looks: Looks
  readonly signal: AbortSignal
  /** Called with the share of the document that has been hashed, 0 to 1. */
  readonly onHashed: (share: number) => void
  /** Called when the person is asked. */
  readonly onAsked: () => void
}

/**
 * Signs a document as its format has it: inside the file, or beside it.
 * @throws {SigningError}
 */
export async function signDocument(
  document: ChosenDocument,
  { summary }: BridgeCertificate,
  run: SigningRun,
): Promise<Outcome> {
  const { name, format, content } = document
  const { sign, isInside } = FORMATS[format]
  const signedAt = new Date()
  const options = {
    signer: telling(run.signer, run.onAsked),
    signal: run.signal,
    signingTime: signedAt,
    document: labelOf(document),
    onProgress: (done: number, total: number) => run.onHashed(total === 0 ? 1 : done / total),
  }
  const signed = await sign(content, options, await appearanceOf(run.looks, document))
  const file = offer(document, signed)
  return {
    ...{ format, signedAt, documentName: name, file },
    holder: summary.holder,
    organization: summary.organization,
    algorithm: run.signer.algorithms[0] ?? '',
    addedBytes: isInside ? file.size - content.size : file.size,
  }
}

/** What the person is told of a document before signing. */
export function labelOf({ name, format, content }: ChosenDocument): DocumentLabel {
  return { name, mediaType: content.type || FORMATS[format].mediaType }
}

/** Makes a file to keep of what was signed. */
export function offer(document: ChosenDocument, signed: BlobPart): SignedFile {
  const { name, format } = document
  const { isInside } = FORMATS[format]
  const type = isInside ? labelOf(document).mediaType : 'application/pkcs7-signature'
  const blob = new Blob([signed], { type: type ?? '' })
  return {
    name: isInside ? name.replace(/(?=\.\w+$)/, '-signed') : `${name}.p7s`,
    url: URL.createObjectURL(blob),
    size: blob.size,
  }
}

/** The same signer, saying when it begins to ask. */
export function telling(signer: Signer, onAsked: () => void): Signer {
  return {
    ...signer,
    sign: (requests, options) => {
      onAsked()
      return signer.sign(requests, options)
    },
  }
}
