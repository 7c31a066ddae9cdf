/**
 * One socket of the fuzzer: sends spoiled messages, and holds the bridge to its word that each request is answered once.
 * @module
 */
import { isErrorCode } from '@trien/sdk/errors'
import { type RawClient, openPage } from '../../helpers/raw-client.ts'
import type { Chance } from '../random.ts'
import type { Seed } from './seeds.ts'
import { spoilFrames, spoilMessage, wrapMessage } from './spoil.ts'

/** The bridge closes a socket at the third message that is none. */
const MAX_BAD = 3
const MAX_FRAMES = 200
/** A bridge that says nothing for so long has lost a request. */
const SILENCE_MS = 60_000
/** A few more than a page may have open. */
const MAX_AT_ONCE = 20

export interface Attack {
  readonly port: number
  readonly origin: string
  readonly seeds: readonly Seed[]
  readonly chance: Chance
  /** Told of each answer; `result` where it was one. */
  readonly onAnswer: (code: string) => void
}

/**
 * Opens a socket, attacks and leaves.
 * @returns how many frames were sent
 * @throws Error with the last messages, where an answer is missing, comes twice or says what is in no catalogue
 */
export async function attack({ port, origin, seeds, chance, onAnswer }: Attack): Promise<number> {
  const page = await openPage(port, origin)
  const sent: string[] = []
  const due = new Map<number | null, number>()
  try {
    const frames = chance.between(20, MAX_FRAMES)
    let bad = 0
    while (sent.length < frames && bad < MAX_BAD) {
      const batch = chance.between(1, MAX_AT_ONCE)
      for (let count = 0; count < batch && bad < MAX_BAD; count++) {
        const text = spoilMessage(chance, seeds)
        const id = findReplyId(text)
        if (id === null) bad += 1
        if (id !== undefined) due.set(id, (due.get(id) ?? 0) + 1)
        sent.push(text)
        page.write(wrapMessage(chance, text))
      }
      const patience = setTimeout(() => page.destroy(), SILENCE_MS)
      await collect(page, { due, isClosing: bad >= MAX_BAD, onAnswer }).finally(() =>
        clearTimeout(patience),
      )
    }
    if (chance.percent(50)) {
      page.write(spoilFrames(chance))
      sent.push('(spoiled frames)')
    }
    return sent.length
  } catch (error) {
    const last = sent.slice(-10).map((text) => `  ${text.slice(0, 300)}`)
    const missing = JSON.stringify([...due])
    throw new Error(`${String(error)}\nstill due: ${missing}\nsent last:\n${last.join('\n')}`, {
      cause: error,
    })
  } finally {
    page.destroy()
    await page.untilClosed()
  }
}

/** JSON-RPC 2.0: to whom the answer goes, null where that cannot be told, undefined where there is none. */
function findReplyId(text: string): number | null | undefined {
  let message: unknown
  try {
    // What a socket carries is UTF-8: half a letter becomes another one on the way.
    message = JSON.parse(Buffer.from(text).toString())
  } catch {
    return null
  }
  if (typeof message !== 'object' || message === null) return null
  const { jsonrpc, id, method } = message as Readonly<Record<string, unknown>>
  const isMessage = jsonrpc === '2.0' && typeof method === 'string' && method.length <= 100
  if (!isMessage || Array.isArray(message)) return null
  if (id === undefined) return undefined
  return Number.isSafeInteger(id) && (id as number) > 0 ? (id as number) : null
}

interface Collecting {
  readonly due: Map<number | null, number>
  readonly isClosing: boolean
}

/** Reads until all that is due has come; the socket closes after the third message that was none. */
async function collect(
  page: RawClient,
  { due, isClosing, onAnswer }: Collecting & Pick<Attack, 'onAnswer'>,
): Promise<void> {
  while (due.size > 0 || isClosing) {
    const { opcode, payload } = await page.frame()
    if (opcode === 10) continue
    if (opcode === 8) {
      // What was under way ends with the socket.
      if (isClosing && !due.has(null) && payload.readUInt16BE(0) === 1008) return
      throw new Error(`closed by ${payload.toString('hex')}`)
    }
    const message = JSON.parse(payload.toString()) as Message
    if (message.method !== undefined) continue
    const left = (due.get(message.id) ?? 0) - 1
    if (left < 0) throw new Error(`answered once too often: ${payload.toString().slice(0, 300)}`)
    if (left === 0) due.delete(message.id)
    else due.set(message.id, left)
    onAnswer(codeOf(message))
  }
}

interface Message {
  readonly id: number | null
  readonly method?: string
  readonly result?: unknown
  readonly error?: { readonly data?: { readonly code?: unknown } }
}

function codeOf({ result, error }: Message): string {
  if (result !== undefined && error === undefined) return 'result'
  const code = error?.data?.code
  if (result === undefined && isErrorCode(code)) return code
  throw new Error(`no code of the catalogue: ${String(code)}`)
}
