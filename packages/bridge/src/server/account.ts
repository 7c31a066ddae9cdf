/**
 * One request to sign, accounted for. The journal is written before the person is asked; where it cannot be, nothing is
 * signed: a signature that nobody can account for cannot be made good later, a full disk can.
 * @module
 */
import { BridgeError, isSigningError } from '@trien/sdk/errors'
import { toEndedEntry } from '../journal/asking.ts'
import type { AskedEntry, EndedEntry, PinAskedEntry } from '../journal/entry.ts'
import type { Journal } from '../journal/journal.ts'
import { logFailure, logUnexpected } from '../log.ts'

/** What the handler tells while it works. */
export interface Account {
  /** Call before the person is asked. @throws {BridgeError} BRIDGE_JOURNAL where the journal cannot be written */
  open(): Promise<void>
  /** Call for each signature that is handed out. @param documents how many it covers */
  count(documents: number): void
}

/**
 * Does the work and writes how it ended. What was never asked leaves no entry: no page can fill the disk.
 * @param journal undefined where none is kept: with the embedded demo token alone
 * @throws what `work` throws
 */
export async function withAccount(
  journal: Journal | undefined,
  asked: AskedEntry | PinAskedEntry,
  work: (account: Account) => Promise<void>,
): Promise<void> {
  let n: number | undefined
  let signed = 0
  const close = async (result: EndedEntry['result']): Promise<void> => {
    if (journal !== undefined && n !== undefined) await writeEnd(journal, n, { result, signed })
  }
  try {
    await work({
      async open() {
        if (journal !== undefined) n = await writeBegin(journal, asked)
      },
      count(documents) {
        signed += documents
      },
    })
  } catch (error) {
    await close(isSigningError(error) ? error.code : 'BRIDGE_INTERNAL')
    throw error
  }
  await close(asked.kind === 'asked' ? 'signed' : 'done')
}

async function writeBegin(journal: Journal, asked: AskedEntry | PinAskedEntry): Promise<number> {
  try {
    return await journal.append(asked)
  } catch (cause) {
    logUnwritable('the journal cannot be written, so nothing is signed', cause)
    throw new BridgeError('BRIDGE_JOURNAL', { cause })
  }
}

/** The signatures are made and handed out by now: to fail would say that they are not. */
async function writeEnd(
  journal: Journal,
  n: number,
  { result, signed }: { result: EndedEntry['result']; signed: number },
): Promise<void> {
  try {
    await journal.append(toEndedEntry(n, result, signed))
  } catch (cause) {
    logUnwritable('the journal does not hold how this ended', cause)
  }
}

function logUnwritable(line: string, cause: unknown): void {
  const { hint, code } = cause as { hint?: unknown; code?: unknown }
  if (typeof hint === 'string') logFailure(`${line}: ${(cause as Error).message}`, hint)
  else if (typeof code === 'string') logFailure(`${line}: ${code}`, HINT)
  else {
    logUnexpected('writing the journal', cause)
    logFailure(line, HINT)
  }
}

const HINT = 'df -h; then: trien-bridge journal verify'
