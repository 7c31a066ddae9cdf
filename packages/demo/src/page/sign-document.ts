/**
 * What the portal does with the SDK to sign one document: all of it is here.
 * @module
 */
import type { BridgeCertificate } from '@trien/sdk/bridge'
import { signCms } from '@trien/sdk/cms'
import { signPdf } from '@trien/sdk/pades'
import type { Signer } from '@trien/sdk/types'
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
 * Signs a PDF inside the file, any other file with a detached CMS.
 * @throws {SigningError}
 */
export async function signDocument(
  document: ChosenDocument,
  { summary }: BridgeCertificate,
  run: SigningRun,
): Promise<Outcome> {
  const { name, kind, content } = document
  const signedAt = new Date()
  const options = {
    signer: telling(run.signer, run.onAsked),
    signal: run.signal,
    signingTime: signedAt,
    document: labelOf(document),
    onProgress: (done: number, total: number) => run.onHashed(total === 0 ? 1 : done / total),
  }
  const appearance = await appearanceOf(run.looks, document)
  const signed =
    kind === 'pdf'
      ? await signPdf(content, { ...options, appearance })
      : await signCms(content, options)
  const file = offer(document, signed)
  return {
    kind,
    signedAt,
    documentName: name,
    file,
    holder: summary.holder,
    organization: summary.organization,
    algorithm: run.signer.algorithms[0] ?? '',
    addedBytes: kind === 'pdf' ? file.size - content.size : file.size,
  }
}

/** What the person is told of a document before signing. */
export function labelOf({ name, kind, content }: ChosenDocument) {
  const mediaType = content.type || 'application/octet-stream'
  return { name, mediaType: kind === 'pdf' ? 'application/pdf' : mediaType }
}

/** Makes a file to keep of what was signed. */
export function offer({ name, kind }: ChosenDocument, signed: BlobPart): SignedFile {
  const type = kind === 'pdf' ? 'application/pdf' : 'application/pkcs7-signature'
  const blob = new Blob([signed], { type })
  return {
    name: kind === 'pdf' ? name.replace(/(\.pdf)?$/i, '-signed.pdf') : `${name}.p7s`,
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
