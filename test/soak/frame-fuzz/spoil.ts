/**
 * Spoils messages: as values, as text, and as frames. What it does depends on chance alone, so that a seed repeats it.
 * @module
 */
import { type FrameParts, encodeFrame } from '../../helpers/raw-frame.ts'
import type { Chance } from '../random.ts'
import type { Seed } from './seeds.ts'

// prettier-ignore
const ODD_VALUES: readonly unknown[] = [
  null, true, '', 'x', '\u0000', '\ud800', '../', '/v1', 'A'.repeat(43), 'đ'.repeat(300), 'x'.repeat(70_000),
  0, -1, 1, 1.5, 2 ** 53, Number.MAX_VALUE, [], [[]], {}, { toString: 1 }, Array(300).fill(0),
]
const ODD_NAMES = ['__proto__', 'constructor', '', 'id', 'method', 'params', 'pin', 'module', 'x']
/** Numbers and nests that no value of JavaScript writes. */
const ODD_TEXTS = ['1e400', '-0', '{"a":1,"a":2}', '['.repeat(3000) + ']'.repeat(3000), '"\\ud800"']
const PLACE = '"@@"'

/** A message, a little or very wrong, or not wrong at all. @returns text, valid UTF-16 or not */
export function spoilMessage(chance: Chance, seeds: readonly Seed[]): string {
  const seed = chance.pick(seeds)
  const hasId = seed.method !== 'cancel' && !chance.percent(5)
  const id = hasId ? { id: chance.between(1e8, 9e8) } : {}
  const message = structuredClone({ jsonrpc: '2.0', ...id, ...seed }) as Record<string, unknown>
  const times = chance.between(0, 3)
  for (let count = 0; count < times; count++) spoilValue(chance, message)
  const text = JSON.stringify(message).replace(PLACE, chance.pick(ODD_TEXTS))
  return chance.percent(3) ? spoilText(chance, text) : text
}

/** Changes one place of a value. The envelope is mostly left alone, for else nothing behind it is reached. */
function spoilValue(chance: Chance, message: Record<string, unknown>): void {
  let node: Record<string, unknown> = message
  for (let depth = chance.percent(98) ? 1 : 0; ; depth++) {
    const names = Object.keys(node)
    const inner = names.filter((name) => typeof node[name] === 'object' && node[name] !== null)
    const isDeeper = inner.length > 0 && (depth === 1 || chance.percent(60))
    if (!isDeeper) break
    node = node[chance.pick(inner)] as Record<string, unknown>
  }
  const names = Object.keys(node)
  const name = names.length > 0 ? chance.pick(names) : 'x'
  const odd = chance.percent(10) ? '@@' : structuredClone(chance.pick(ODD_VALUES))
  switch (chance.between(0, 4)) {
    case 0:
      delete node[name]
      return
    case 1:
      return set(node, chance.pick(ODD_NAMES), odd)
    case 2:
      return set(node, chance.pick(ODD_NAMES), node[name])
    case 3:
      return set(node, name, odd)
    default:
      return set(node, name, tweak(chance, node[name]))
  }
}

/** Another letter of base64url, or a number near it: of the promised shape, and not what it was. */
function tweak(chance: Chance, value: unknown): unknown {
  if (typeof value === 'number') return value + chance.between(-1, 300)
  if (typeof value !== 'string' || value === '') return value
  const at = chance.between(0, value.length - 1)
  return value.slice(0, at) + chance.pick([...'AQgwZz09-_']) + value.slice(at + 1)
}

/** An assignment to `__proto__` would set no property. */
function set(node: object, name: string, value: unknown): void {
  Object.defineProperty(node, name, { value, enumerable: true, configurable: true, writable: true })
}

function spoilText(chance: Chance, text: string): string {
  const from = chance.between(0, text.length - 1)
  const to = Math.min(text.length, from + chance.between(1, 40))
  switch (chance.between(0, 3)) {
    case 0:
      return text.slice(0, from)
    case 1:
      return text.slice(0, from) + text.slice(to)
    case 2:
      return text.slice(0, to) + text.slice(from)
    default:
      return (
        text.slice(0, from) + chance.pick(['"', '{', ']', ',', '\\', '0', ' ']) + text.slice(to)
      )
  }
}

/** The frames of one text message: whole or in parts, masked and measured in any way that is allowed. */
export function wrapMessage(chance: Chance, text: string): Buffer {
  const body = Buffer.from(text)
  const mask = [0, 8, 16, 24].map(() => chance.between(0, 255))
  if (chance.percent(80)) return encodeFrame({ payload: body, mask })
  const parts = chance.between(1, 6)
  const frames: FrameParts[] = []
  for (let part = 0; part < parts; part++) {
    const slice = (end: number): number => Math.floor((body.length * end) / parts)
    const payload = body.subarray(slice(part), slice(part + 1))
    const fin = part === parts - 1
    frames.push({ fin, opcode: part === 0 ? 1 : 0, payload, mask, lengthOctets: 8 })
    if (chance.percent(30)) frames.push({ opcode: chance.pick([9, 10]), payload: 'x', mask })
  }
  return Buffer.concat(frames.map(encodeFrame))
}

/** Frames of which at least one is against RFC 6455, or too much, or the beginning of what never comes. */
export function spoilFrames(chance: Chance): Buffer {
  const octets = Buffer.from(
    Array.from({ length: chance.between(1, 300) }, () => chance.between(0, 255)),
  )
  switch (chance.between(0, 6)) {
    case 0:
      return octets
    case 1:
      return encodeFrame({ reserved: chance.between(1, 7), payload: octets })
    case 2:
      return encodeFrame({ mask: null, payload: octets })
    case 3:
      return encodeFrame({
        opcode: chance.pick([2, 3, 4, 5, 6, 7, 11, 12, 13, 14, 15]),
        payload: octets,
      })
    case 4:
      return encodeFrame({
        payload: octets,
        announced: BigInt(chance.between(301, 2 ** 31)) << 20n,
      })
    case 5:
      return encodeFrame({
        opcode: chance.pick([0, 8, 9]),
        fin: chance.percent(50),
        payload: octets,
      })
    default:
      return encodeFrame({ payload: Buffer.concat([octets, Buffer.of(0xff)]) })
  }
}
