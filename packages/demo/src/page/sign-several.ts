/**
 * What the portal does with the SDK to sign several files with one PIN: all of it is here.
 * @module
 */
import { type BatchItem, type BatchReport, signMany } from '@trien/sdk/batch'
import type { Signer } from '@trien/sdk/types'
import { FORMATS } from './formats.ts'
import { labelOf, offer, telling } from './sign-document.ts'
import type { Batch, BatchFile, Waiting } from './state.ts'
import { troubleOf } from './trouble.ts'

/** Who signs, and who is told how far it is. */
export interface SeveralRun {
  readonly signer: Signer
  readonly signal: AbortSignal
  /** Called with what is new of a file. */
  readonly onFile: (index: number, change: Partial<BatchFile>) => void
  readonly onWaiting: (waiting: Waiting) => void
}

/**
 * Signs what is not signed yet, each file as its format has it. One that fails costs the others nothing.
 * @throws {SigningError} what concerns all: a cancelled PIN, a token that is gone
 */
export async function signSeveral({ files, store }: Batch, run: SeveralRun): Promise<BatchReport> {
  let prepared = 0
  let isSigning = false
  return signMany(files.map(itemOf), {
    store,
    signal: run.signal,
    signer: telling(run.signer, () => run.onWaiting({ for: 'prompt', page: undefined })),
    onSigned({ id, signed }) {
      const file = files[Number(id)] as BatchFile
      run.onFile(Number(id), { file: offer(file.document, signed) })
    },
    onProgress({ id, step, error, done, failed, total }) {
      const trouble = step === 'failed' ? troubleOf(error, 'sign') : undefined
      run.onFile(Number(id), { step, trouble })
      // Until the first is signed, the person is at the prompt.
      isSigning ||= step === 'signed'
      if (step === 'prepared') run.onWaiting({ for: 'hash', share: ++prepared / total })
      else if (isSigning) run.onWaiting({ for: 'signing', share: (done + failed) / total })
    },
  })
}

function itemOf({ document }: BatchFile, index: number): BatchItem {
  const { format, content } = document
  const options = { document: labelOf(document) }
  return FORMATS[format].item({ id: String(index), document: content, options })
}
