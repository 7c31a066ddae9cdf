/**
 * A PIV card of software in a virtual reader: to everything above, from the system's card service to OpenSC, it is a
 * card of plastic. It can be pulled out, be slow, be broken and be locked, in the middle of a signature too.
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type TestAuthority, createTestAuthority } from '../pki.ts'
import { type PivApplication, createPivApplication } from './application.ts'
import { type PivKey, issuePivKeys } from './keys.ts'
import { type CardDaemon, startCardDaemon } from './pcscd.ts'
import { type Inserted, insertCard } from './vpcd.ts'

export { OPENSC_MODULE, canUseVirtualCard } from './pcscd.ts'
export type { PivKey, PivKeyName } from './keys.ts'

export interface PivCard {
  readonly folder: string
  readonly authority: TestAuthority
  readonly keys: readonly PivKey[]
  readonly pin: string
  /** How many wrong PINs the card takes before it locks. */
  tries: number
  /** How long each signature takes. */
  delayMs: number
  /** Resolves when the reader has noticed the card; at once where it is in. */
  insert(): Promise<void>
  remove(): Promise<void>
  /** Pulls itself out when it is next told to sign. */
  removeOnSign(): void
  /** Answers the next signature with a status word instead. */
  statusOnSign(status: number): void
  /** Resolves when the card is next told to sign. */
  untilSigning(): Promise<void>
  /** Puts an end to all faults, unlocks the PIN and sees that the card is in. */
  heal(): Promise<void>
  /** Removes all of it. */
  close(): Promise<void>
}

const PIN = '246813'
/** T=1, historical bytes `PIVJS`, check octet last. */
const ATR = withCheckOctet(Buffer.from('3b8580015049564a53', 'hex'))

/** Starts the service and inserts a fresh card. */
export async function createPivCard(): Promise<PivCard> {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-piv-'))
  const authority = createTestAuthority(folder)
  const keys = issuePivKeys(authority)
  const daemon = await startCardDaemon(folder)
  const application = createPivApplication(keys, PIN)
  const controls = createControls(application, daemon)
  await controls.insert()
  return Object.assign(controls, {
    folder,
    authority,
    keys,
    pin: PIN,
    async close() {
      await controls.remove()
      await daemon.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  })
}

type Controls = Omit<PivCard, 'folder' | 'authority' | 'keys' | 'pin' | 'close'>

function createControls({ pin, faults, ...channel }: PivApplication, daemon: CardDaemon): Controls {
  let inserted: Inserted | undefined
  let removesItself = false
  const waiting: (() => void)[] = []

  faults.onSign = () => {
    waiting.splice(0).forEach((resolve) => resolve())
    const isGone = removesItself
    if (isGone) void remove()
    return isGone
  }

  async function remove(): Promise<void> {
    removesItself = false
    const card = inserted
    inserted = undefined
    await card?.remove()
  }

  async function insert(): Promise<void> {
    inserted ??= await insertWhenReady(daemon.port, channel)
    await inserted.noticed
  }

  return {
    get tries() {
      return pin.tries
    },
    set tries(left) {
      pin.tries = left
    },
    get delayMs() {
      return faults.delayMs
    },
    set delayMs(milliseconds) {
      faults.delayMs = milliseconds
    },
    insert,
    remove,
    removeOnSign() {
      removesItself = true
    },
    statusOnSign(status) {
      faults.statusOnce = status
    },
    untilSigning: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
      }),
    async heal() {
      removesItself = false
      faults.delayMs = 0
      faults.statusOnce = undefined
      pin.tries = 3
      await insert()
    },
  }
}

/** The service answers a little before its readers do. */
async function insertWhenReady(
  port: number,
  channel: Omit<PivApplication, 'pin' | 'faults'>,
): Promise<Inserted> {
  for (let tries = 100; ; tries--) {
    try {
      return await insertCard(port, ATR, channel)
    } catch (error) {
      if (tries === 0) throw error
      await sleep(100)
    }
  }
}

function withCheckOctet(atr: Buffer): Buffer {
  return Buffer.concat([atr, Buffer.of(atr.subarray(1).reduce((sum, octet) => sum ^ octet, 0))])
}
