/**
 * Which origins the person let see the certificates.
 * @module
 */
import { log } from '../log.ts'
import type { ConsentFile } from './consent-file.ts'
import { type ConsentRecord, addConsent, dayOf, isCurrent, noteUse } from './consent-records.ts'

/** Asked at every decision, so that a consent that was taken back is gone for open sockets too. */
export interface Consents {
  /** Counts as a use. */
  has(origin: string): boolean
  /** As `has`, but counts as no use: for what happens without the page having asked. */
  isGranted(origin: string): boolean
  grant(origin: string): Promise<void>
}

/** Consents that end with the bridge: those of the demo, which leaves no trace. */
export function createPassingConsents(): Consents {
  const granted = new Set<string>()
  return {
    has: (origin) => granted.has(origin),
    isGranted: (origin) => granted.has(origin),
    async grant(origin) {
      granted.add(origin)
    },
  }
}

/** Consents that last in a file. Where it cannot be written, one ends with the bridge, and the log says so. */
export function createLastingConsents(
  file: ConsentFile,
  now: () => Date = () => new Date(),
): Consents {
  const passing = createPassingConsents()
  const readRecords = (): readonly ConsentRecord[] => {
    try {
      return file.read()
    } catch (error) {
      log(`cannot read ${file.path}: ${messageOf(error)}`)
      return []
    }
  }
  const findCurrent = (origin: string, today: string): ConsentRecord | undefined =>
    readRecords().find((record) => record.origin === origin && isCurrent(record, today))
  return {
    isGranted: (origin) => passing.has(origin) || findCurrent(origin, dayOf(now())) !== undefined,
    has(origin) {
      if (passing.has(origin)) return true
      const today = dayOf(now())
      const record = findCurrent(origin, today)
      if (record === undefined) return false
      if (record.lastUsed !== today) {
        file
          .change((records) => noteUse(records, origin, today))
          .catch((error: unknown) => log(`cannot write ${file.path}: ${messageOf(error)}`))
      }
      return true
    },
    async grant(origin) {
      try {
        await file.change((records) => addConsent(records, origin, dayOf(now())))
      } catch (error) {
        log(`cannot write ${file.path}: ${messageOf(error)}`)
        log(`${origin} is let see the certificates until this bridge ends`)
        await passing.grant(origin)
      }
    },
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
