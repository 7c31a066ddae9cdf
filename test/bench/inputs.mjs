// Writes the PDFs that are signed: one of scans, a hundred of them, and one of ten thousand pages of text, with a
// cross-reference table and with object streams.
import { randomFillSync } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { deflateSync } from 'node:zlib'
import { OUT } from './peers.mjs'

const FAN_OUT = 100
const OBJECTS_PER_STREAM = 100

/** How often it is signed. @typedef {{ runs: number, warmUps: number, more: number, target: string }} Plan */
/** @typedef {{ name: string, file: string, bytes: number } & Plan} Input */

/** What takes milliseconds is compiled by the engine only after some; a portal's server has signed ten before long. */
const QUICK = { runs: 3, warmUps: 10, more: 9 }

/**
 * Makes all inputs. Each contender gets `runs` processes, and in each signs once, then `warmUps` times that do not count, and then `more`
 * times.
 * @returns {Input[]}
 */
export function makeInputs() {
  mkdirSync(OUT, { recursive: true })
  return [
    keep('1 MB', writeTable(scannedPages(1)), { ...QUICK, target: 'none' }),
    keep('100 MB', writeTable(scannedPages(100)), {
      ...{ runs: 3, warmUps: 1, more: 2, target: '1.2 × limit' },
    }),
    keep('10,000 pages', writeTable(textPages(10_000)), { ...QUICK, target: '2 × limit' }),
    keep('10,000 pages, object streams', writeStreams(textPages(10_000)), {
      ...QUICK,
      target: '2 × limit',
    }),
  ]
}

/** @param {string} name @param {Buffer} bytes @param {Plan} plan */
function keep(name, bytes, plan) {
  const file = path.join(OUT, `${name.replaceAll(/\W+/g, '-')}.pdf`)
  writeFileSync(file, bytes)
  return { name, file, bytes: bytes.length, ...plan }
}

/** One page of text, in memory. */
export const makeSmallPdf = () => writeTable(textPages(1))

/** Scans of so many megabytes, in memory. @param {number} megabytes */
export const makeScans = (megabytes) => writeTable(scannedPages(megabytes))

/** So many pages of text, in memory. @param {number} count */
export const makePages = (count) => writeTable(textPages(count))

/** The same in object streams. @param {number} count */
export const makePackedPages = (count) => writeStreams(textPages(count))

/** Pages that each hold one image of a megabyte that no filter makes smaller. @param {number} count */
function scannedPages(count) {
  const side = 577 // 577 × 577 × 3 bytes of colour, just under 1 MB
  const pixels = randomFillSync(Buffer.alloc(side * side * 3))
  return document(count, (index, add) => {
    const image = add(
      `/Type/XObject/Subtype/Image/Width ${side}/Height ${side}/BitsPerComponent 8/ColorSpace/DeviceRGB`,
      pixels,
    )
    const content = add('', Buffer.from(`q 595 0 0 595 0 120 cm /Im0 Do Q % ${index}`))
    return `/Resources<</XObject<</Im0 ${image} 0 R>>>>/Contents ${content} 0 R`
  })
}

/** Pages of text that share one font. @param {number} count */
function textPages(count) {
  return document(count, (index, add) => {
    const lines = Array.from({ length: 40 }, (_, line) => `(Page ${index}, line ${line}.) Tj T*`)
    const text = `BT /F1 11 Tf 14 TL 60 780 Td ${lines.join(' ')} ET`
    const content = add('/Filter/FlateDecode', deflateSync(text))
    return `/Resources<</Font<</F1 3 0 R>>>>/Contents ${content} 0 R`
  })
}

/**
 * Lays out catalog, page tree and pages as numbered objects; object 1 is the catalog.
 * @param {number} count
 * @param {(index: number, add: (dictionary: string, stream: Buffer) => number) => string} page
 */
function document(count, page) {
  const objects = new Map([
    [3, { text: '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>', stream: undefined }],
  ])
  let next = 4
  const number = () => next++
  const add = (/** @type {string} */ dictionary, /** @type {Buffer} */ stream) => {
    const id = number()
    objects.set(id, { text: `<<${dictionary}/Length ${stream.length}>>`, stream })
    return id
  }
  const nodes = []
  for (let from = 0; from < count; from += FAN_OUT) {
    const node = number()
    const kids = []
    for (let index = from; index < Math.min(count, from + FAN_OUT); index++) {
      const body = page(index, add)
      const id = number()
      const text = `<</Type/Page/Parent ${node} 0 R/MediaBox[0 0 595 842]${body}>>`
      objects.set(id, { text, stream: undefined })
      kids.push(`${id} 0 R`)
    }
    const text = `<</Type/Pages/Parent 2 0 R/Count ${kids.length}/Kids[${kids.join(' ')}]>>`
    objects.set(node, { text, stream: undefined })
    nodes.push(`${node} 0 R`)
  }
  const pages = `<</Type/Pages/Count ${count}/Kids[${nodes.join(' ')}]>>`
  objects.set(1, { text: '<</Type/Catalog/Pages 2 0 R>>', stream: undefined })
  objects.set(2, { text: pages, stream: undefined })
  return objects
}

/** A file being written, that knows how long it is. */
class Pieces {
  parts = [Buffer.from('%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n', 'latin1')]
  length = this.parts[0]?.length ?? 0

  /** @param {...(string | Buffer | undefined)} parts */
  push(...parts) {
    for (const part of parts) {
      if (part === undefined) continue
      const bytes = typeof part === 'string' ? Buffer.from(part, 'latin1') : part
      this.parts.push(bytes)
      this.length += bytes.length
    }
  }

  /** @param {number} id @param {{ text: string, stream: Buffer | undefined }} object */
  pushObject(id, { text, stream }) {
    this.push(`${id} 0 obj\n${text}\n`)
    if (stream !== undefined) this.push('stream\n', stream, '\nendstream\n')
    this.push('endobj\n')
  }
}

/** ISO 32000-2 §7.5.4: a classic table. @param {ReturnType<typeof document>} objects */
function writeTable(objects) {
  const file = new Pieces()
  const size = Math.max(...objects.keys()) + 1
  const entries = ['0000000000 65535 f \n']
  for (let id = 1; id < size; id++) {
    entries.push(`${String(file.length).padStart(10, '0')} 00000 n \n`)
    file.pushObject(
      id,
      /** @type {NonNullable<ReturnType<typeof objects.get>>} */ (objects.get(id)),
    )
  }
  const start = file.length
  file.push(`xref\n0 ${size}\n`, ...entries)
  file.push(`trailer\n<</Size ${size}/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`)
  return Buffer.concat(file.parts)
}

/** ISO 32000-2 §7.5.7, §7.5.8: object streams and a cross-reference stream. @param {ReturnType<typeof document>} objects */
function writeStreams(objects) {
  const file = new Pieces()
  const plain = [...objects].filter(([, { stream }]) => stream !== undefined)
  const packed = [...objects].filter(([, { stream }]) => stream === undefined)
  const rows = new Map([[0, [0, 0, 65535]]])
  for (const [id, object] of plain) {
    rows.set(id, [1, file.length, 0])
    file.pushObject(id, object)
  }
  let next = Math.max(...objects.keys()) + 1
  for (let from = 0; from < packed.length; from += OBJECTS_PER_STREAM) {
    const group = packed.slice(from, from + OBJECTS_PER_STREAM)
    const id = next++
    rows.set(id, [1, file.length, 0])
    group.forEach(([member], index) => rows.set(member, [2, id, index]))
    file.pushObject(id, objectStream(group))
  }
  const start = file.length
  rows.set(next, [1, start, 0])
  const table = Buffer.alloc((next + 1) * 7)
  for (const [id, [type = 0, second = 0, third = 0]] of rows) {
    table.writeUInt8(type, id * 7)
    table.writeUInt32BE(second, id * 7 + 1)
    table.writeUInt16BE(third, id * 7 + 5)
  }
  const stream = deflateSync(table)
  const dictionary = `/Type/XRef/Size ${next + 1}/Root 1 0 R/W[1 4 2]/Filter/FlateDecode`
  file.pushObject(next, { text: `<<${dictionary}/Length ${stream.length}>>`, stream })
  file.push(`startxref\n${start}\n%%EOF\n`)
  return Buffer.concat(file.parts)
}

/** @param {[number, { text: string }][]} group */
function objectStream(group) {
  let offset = 0
  const index = group.map(([id, { text }]) => {
    const entry = `${id} ${offset}`
    offset += text.length + 1
    return entry
  })
  const head = `${index.join(' ')}\n`
  const stream = deflateSync(head + group.map(([, { text }]) => `${text}\n`).join(''))
  const dictionary = `/Type/ObjStm/N ${group.length}/First ${head.length}/Filter/FlateDecode`
  return { text: `<<${dictionary}/Length ${stream.length}>>`, stream }
}
