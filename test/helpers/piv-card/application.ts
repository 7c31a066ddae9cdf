/**
 * The PIV application of a card (NIST SP 800-73-4 part 2), as far as signing needs it.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, type Channel, type Command, SW, createChannel } from './apdu.ts'
import type { PivKey } from './keys.ts'
import { NIST_RID, PIV_PIX, createPivObjects } from './objects.ts'
import { type CardPin, createCardPin } from './pin.ts'
import { encodeTlv, parseTlvs } from './tlv.ts'

/** What goes wrong with the next signatures; each may be set at any time. */
export interface SigningFaults {
  /** How long each signature takes. */
  delayMs: number
  /** Status word of the next signature, once. */
  statusOnce: number | undefined
  /** Called when a signature is begun; where it says true, the card never answers. */
  onSign: () => boolean
}

export interface PivApplication extends Channel {
  readonly pin: CardPin
  readonly faults: SigningFaults
}

const INS = {
  verify: 0x20,
  changePin: 0x24,
  generalAuthenticate: 0x87,
  select: 0xa4,
  getData: 0xcb,
} as const
/** The application's PIN; the only one. */
const PIN_REFERENCE = 0x80

/** Makes the application with its keys, certificates and PIN. */
export function createPivApplication(keys: readonly PivKey[], initialPin: string): PivApplication {
  const objects = createPivObjects(keys)
  const pin = createCardPin(initialPin)
  const faults: SigningFaults = { delayMs: 0, statusOnce: undefined, onSign: () => false }

  async function execute(command: Command): Promise<Answer | undefined> {
    const { ins, p1, p2, data } = command
    if (ins === INS.verify || ins === INS.changePin) {
      if (p2 !== PIN_REFERENCE) return { status: SW.referenceNotFound }
      return ins === INS.verify ? pin.verify(data) : pin.change(data)
    }
    if (ins === INS.generalAuthenticate) {
      const answer = await authenticate(p1, p2, data)
      pin.age()
      return answer
    }
    pin.age()
    if (ins === INS.select) return select(p1, data)
    if (ins === INS.getData) return getData(objects, data)
    return { status: SW.instructionUnknown }
  }

  async function authenticate(
    algorithm: number,
    reference: number,
    data: Buffer,
  ): Promise<Answer | undefined> {
    const key = keys.find((candidate) => candidate.reference === reference)
    if (key?.algorithm !== algorithm) return { status: SW.wrongParameters }
    if (!mayUse(key, pin)) return { status: SW.securityNotSatisfied }
    const challenge = findChallenge(data)
    if (challenge === undefined) return { status: SW.wrongData }
    if (faults.onSign()) return undefined
    await sleep(faults.delayMs)
    const { statusOnce } = faults
    faults.statusOnce = undefined
    if (statusOnce !== undefined) return { status: statusOnce }
    return success(encodeTlv('7c', encodeTlv('82', key.sign(challenge))))
  }

  const channel = createChannel(execute)
  return {
    pin,
    faults,
    exchange: channel.exchange,
    reset() {
      channel.reset()
      pin.reset()
    },
  }
}

const success = (data: Buffer): Answer => ({ data, status: SW.success })

function mayUse({ pinPolicy }: PivKey, pin: CardPin): boolean {
  return pinPolicy === 'never' || (pinPolicy === 'always' ? pin.isFresh : pin.isVerified)
}

/** SELECT by name; the name may be cut after the RID. Answers the application property template (part 2 §3.1.1). */
function select(p1: number, name: Buffer): Answer {
  const full = Buffer.concat([NIST_RID, PIV_PIX])
  const isOurs = name.length >= NIST_RID.length && full.subarray(0, name.length).equals(name)
  if (p1 !== 4 || !isOurs) return { status: SW.notFound }
  const authority = encodeTlv('79', encodeTlv('4f', NIST_RID))
  return success(encodeTlv('61', encodeTlv('4f', PIV_PIX), authority))
}

function getData(objects: ReadonlyMap<string, Buffer>, data: Buffer): Answer {
  const [wish] = parseTlvs(data)
  const object = wish?.tag === '5c' ? objects.get(wish.value.toString('hex')) : undefined
  return object === undefined ? { status: SW.notFound } : success(object)
}

/** Dynamic authentication template: 81 holds what to sign, an empty 82 asks for the response. */
function findChallenge(data: Buffer): Buffer | undefined {
  const [template] = parseTlvs(data)
  if (template?.tag !== '7c') return undefined
  return parseTlvs(template.value).find(({ tag }) => tag === '81')?.value
}
