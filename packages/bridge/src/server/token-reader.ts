/**
 * One source of tokens as all pages see it: read by one at a time for all who ask, remembered, and left alone for a
 * while after it hung or crashed.
 * @module
 */
import { encodeHex } from '@trien/sdk/bytes'
import { TokenError, isSigningError } from '@trien/sdk/errors'
import { PERSON_TIMEOUT_MS } from '@trien/sdk/wire'
import type { TokenCertificate, TokenSource } from '../token/types.ts'
import { createReadings } from './readings.ts'
import { type Trouble, addFailure, logTrouble } from './token-trouble.ts'
import { settlesWithin, waitFor } from './wait-for.ts'

/** How patient a reader is, in milliseconds. */
export interface Patience {
  /** For what a source has, waiting for its earlier work included. */
  readonly listMs: number
  /** Until what was read last stands in, for a source that is read in no time; longer for one that is slow as a rule. */
  readonly slowMs: number
  /** The first rest after a hang; each further failure doubles it. */
  readonly restMs: number
}

/**
 * A list answers under the 15 s that the wire gives to a question which asks nobody. A source that was read before holds
 * it up no longer than nobody notices: a list only informs, and before a signature the source is read to the end. What
 * the reading then finds to be another is told by `onChange`.
 */
export const PATIENCE: Patience = { listMs: 13_000, slowMs: 50, restMs: 2000 }
/** A reading that waits for somebody who types on a reader's own keypad, and then some. */
const LONGEST_READING_MS = 2 * PERSON_TIMEOUT_MS

/**
 * A reading may take so many times what it usually takes. Who has an answer before the reading is over may pull the card
 * out of it, which some drivers do not survive.
 */
const USUAL = 2
const MAX_SLOW_MS = 1000
/** A card that was just put in is there a little before its driver can read it. */
const UNSURE_LOOKS = 4

type Listing = readonly TokenCertificate[]

/** What is known of one source. */
export interface TokenReader {
  readonly source: TokenSource
  /** What the last good reading had, whatever came after it; empty before the first. */
  readonly remembered: Listing
  /** Why the last reading failed; undefined where it did not. */
  readonly failure: unknown
  /** Whether it hung or crashed so that no list waits for it. */
  isTroubled(): boolean
  /** Whether it is not even to be tried yet. */
  isResting(): boolean
  /** Reads anew: no reading that began before the call. Ends no reading where the signal aborts. @throws {TokenError} */
  read(signal: AbortSignal): Promise<Listing>
  /** Reads anew, but what was read last stands in for a source that is at work, or slow. @throws {TokenError} */
  list(signal: AbortSignal): Promise<Listing>
  /** Reads in the background. */
  refresh(): void
  /** Looks in the background whether tokens came or went, and reads where they may have. Nothing while it is busy. */
  look(): void
}

/** What the last reading left behind. */
interface Memory {
  remembered: Listing
  /** The source's generation at that reading; undefined where it failed. */
  readAt: number | undefined
  trouble: Trouble | undefined
  /** What lists show of it, as one word; undefined before the first reading. */
  shown: string | undefined
  /** What the source said when it was last looked at. */
  presence: string | undefined
  /** How long the last good reading took. */
  lastMs: number
  /** As long as the quicker of the last two: the first reading of a driver that was just started takes much longer. */
  usualMs: number
  /** At how many more looks it is read though its presence has not changed again. */
  unsureLooks: number
}

const BLANK: Memory = {
  remembered: [],
  readAt: undefined,
  trouble: undefined,
  shown: undefined,
  presence: undefined,
  lastMs: 0,
  usualMs: 0,
  unsureLooks: 0,
}

/** @param onChange called when a list of this source would no longer be what it was */
export function createTokenReader(
  source: TokenSource,
  patience: Patience,
  onChange: () => void,
): TokenReader {
  const { listMs } = patience
  const memory = { ...BLANK }
  const readings = createReadings(() => readInto(memory, source, { patience, onChange }))
  const isCurrent = (): boolean => memory.readAt === generationOf(source)
  const isAtWork = (): boolean => source.isAtWork?.() === true
  const isOverdue = (): boolean => readings.age() > listMs && !isAtWork() && !isCurrent()
  const isResting = (): boolean =>
    isOverdue() || performance.now() < (memory.trouble?.restUntil ?? 0)
  const standInMs = (): number =>
    Math.min(Math.max(patience.slowMs, USUAL * memory.usualMs), MAX_SLOW_MS)
  let isLooking = false
  return {
    source,
    get remembered() {
      return memory.remembered
    },
    get failure() {
      return memory.trouble?.error ?? (isOverdue() ? new TokenError('TOKEN_TIMEOUT') : undefined)
    },
    isTroubled: () => isOverdue() || memory.trouble?.isGrave === true,
    isResting,
    read: (signal) => waitFor(readings.begin(), listMs, signal),
    async list(signal) {
      if (isCurrent() && isAtWork()) return memory.remembered
      const begun = performance.now()
      const { trouble } = memory
      const untilOver = readings.untilOver()
      const reading = readings.begin()
      // It may fail while something else is waited for, or nobody is left who waits.
      reading.catch(() => undefined)
      if (isCurrent()) {
        const isInTime = await settlesWithin(reading, standInMs() - readings.age(), signal)
        if (!isInTime && isCurrent()) return memory.remembered
      }
      await waitFor(untilOver, listMs, signal)
      // What hung while this one was in line is not waited for again.
      if (memory.trouble?.isGrave === true && memory.trouble !== trouble) throw memory.trouble.error
      return waitFor(reading, listMs - (performance.now() - begun), signal)
    },
    refresh() {
      readings.begin().catch(() => undefined)
    },
    look() {
      if (isLooking || readings.age() > 0 || isResting()) return
      isLooking = true
      void lookInto(memory, source).then((mayHaveChanged) => {
        isLooking = false
        if (mayHaveChanged) readings.begin().catch(() => undefined)
      })
    },
  }
}

async function readInto(
  memory: Memory,
  source: TokenSource,
  { patience, onChange }: { readonly patience: Patience; readonly onChange: () => void },
): Promise<Listing> {
  const show = (listing: Listing): void => {
    const before = memory.shown
    memory.shown = nameListing(listing)
    if (before === undefined || before === memory.shown) return
    // The change that was looked for has been seen; a card is not spoken to for nothing.
    memory.unsureLooks = 0
    onChange()
  }
  const begun = performance.now()
  try {
    memory.remembered = await readTwice(source)
  } catch (error) {
    memory.trouble = addFailure(memory.trouble, error, patience.restMs)
    logTrouble(source.name, memory.trouble)
    if (!memory.trouble.isForgiven) {
      memory.readAt = undefined
      show([])
    }
    throw error
  }
  memory.readAt = generationOf(source)
  const tookMs = performance.now() - begun
  memory.usualMs = Math.min(tookMs, memory.lastMs)
  memory.lastMs = tookMs
  memory.trouble = undefined
  show(memory.remembered)
  return memory.remembered
}

/** A token that is pulled out of a reading ends the driver's process, and the next one knows nothing of it. */
async function readTwice(source: TokenSource): Promise<Listing> {
  const signal = AbortSignal.timeout(LONGEST_READING_MS)
  try {
    return await source.listCertificates(signal)
  } catch (error) {
    if (!isSigningError(error) || error.code !== 'TOKEN_REMOVED') throw error
    return source.listCertificates(signal)
  }
}

/** @returns whether the source is to be read: its slots changed, or it failed before and has rested */
async function lookInto(memory: Memory, source: TokenSource): Promise<boolean> {
  if (source.look === undefined) return false
  if (memory.trouble !== undefined) return true
  const presence = await findPresence(source.look)
  if (presence === undefined) return false
  const before = memory.presence
  memory.presence = presence
  // What was read before the first look may be of another presence.
  if (before === undefined && memory.shown === undefined) return false
  if (before === presence) {
    memory.unsureLooks -= Math.sign(memory.unsureLooks)
    return memory.unsureLooks > 0
  }
  memory.unsureLooks = UNSURE_LOOKS
  memory.readAt = undefined
  // Where nothing was read before, nobody can say that nothing has changed.
  memory.shown ??= 'unknown'
  return true
}

/** A look that fails is a change where the one before did not: the reading that follows tells what is the matter. */
async function findPresence(look: NonNullable<TokenSource['look']>): Promise<string | undefined> {
  try {
    return await look(AbortSignal.timeout(LONGEST_READING_MS))
  } catch (error) {
    return isSigningError(error) ? error.code : 'unknown'
  }
}

/** Two listings of one name look the same to a page. */
function nameListing(listing: Listing): string {
  const names = listing.map(({ id, algorithms, token: { label, manufacturer, serial } }) =>
    JSON.stringify([encodeHex(id), algorithms, label, manufacturer, serial]),
  )
  return names.toSorted().join()
}

function generationOf({ generation = 0 }: TokenSource): number {
  return generation
}
