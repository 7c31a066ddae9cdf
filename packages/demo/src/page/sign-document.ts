/**
 * What the portal does with the SDK to sign one document: all of it is here.
 * @module
 */
import type { BridgeCertificate } from '@trien/sdk/bridge'
import { signCms } from '@trien/sdk/cms'
import { signPdf } from '@trien/sdk/pades'
import type { Signer } from '@trien/sdk/types'
import { appearanceOf } from './looks.ts'
import type { ChosenDocument, Looks, Outcome } from './state.ts'

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
  const mediaType = content.type || 'application/octet-stream'
  const options = {
    signer: telling(run.signer, run.onAsked),
    signal: run.signal,
    signingTime: signedAt,
    document: { name, mediaType: kind === 'pdf' ? 'application/pdf' : mediaType },
    onProgress: (done: number, total: number) => run.onHashed(total === 0 ? 1 : done / total),
  }
  const appearance = await appearanceOf(run.looks, document)
  const signed =
    kind === 'pdf'
      ? await signPdf(content, { ...options, appearance })
      : await signCms(content, options)
  const type = kind === 'pdf' ? 'application/pdf' : 'application/pkcs7-signature'
  const size = signed instanceof Blob ? signed.size : signed.byteLength
  return {
    kind,
    signedAt,
    documentName: name,
    file: {
      name: kind === 'pdf' ? name.replace(/(\.pdf)?$/i, '-signed.pdf') : `${name}.p7s`,
      url: URL.createObjectURL(new Blob([signed], { type })),
      size,
    },
    holder: summary.holder,
    organization: summary.organization,
    algorithm: run.signer.algorithms[0] ?? '',
    addedBytes: kind === 'pdf' ? size - content.size : size,
  }
}

/** The same signer, saying when it begins to ask. */
function telling(signer: Signer, onAsked: () => void): Signer {
  return {
    ...signer,
    sign: (requests, options) => {
      onAsked()
      return signer.sign(requests, options)
    },
  }
}
