/** Small PDF files laid out by hand, so that a test knows every byte and offset of what it feeds the reader. */
import { deflateSync } from 'node:zlib'

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

/** Objects by number: their text between `obj` and `endobj`. */
export type Objects = Readonly<Record<number, string>>

/** One page, nothing on it; the objects 1–3. */
export const ONE_PAGE: Objects = {
  1: '<< /Type /Catalog /Pages 2 0 R >>',
  2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
  3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>',
}

/** Grows a file part by part and knows where each object lies. */
export class FileBuilder {
  #parts: Buffer[] = [latin1('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n')]
  readonly offsets = new Map<number, number>()

  get size(): number {
    return this.#parts.reduce((sum, part) => sum + part.length, 0)
  }

  add(part: string | Uint8Array): this {
    this.#parts.push(typeof part === 'string' ? latin1(part) : Buffer.from(part))
    return this
  }

  objects(objects: Objects): this {
    for (const [number, text] of Object.entries(objects)) {
      this.offsets.set(Number(number), this.size)
      this.add(`${number} 0 obj\n${text}\nendobj\n`)
    }
    return this
  }

  stream(number: number, dict: string, data: Uint8Array): this {
    this.offsets.set(number, this.size)
    this.add(`${number} 0 obj\n<< ${dict} /Length ${data.length} >>\nstream\n`)
    return this.add(data).add('\nendstream\nendobj\n')
  }

  /** An object stream of the given objects; their own entries must say so. */
  objectStream(number: number, objects: Objects, extra = ''): this {
    const texts = Object.entries(objects)
    let body = ''
    let directory = ''
    for (const [each, text] of texts) {
      directory += `${each} ${body.length} `
      body += `${text} `
    }
    const dict = `/Type /ObjStm /N ${texts.length} /First ${directory.length} /Filter /FlateDecode ${extra}`
    return this.stream(number, dict, deflateSync(latin1(directory + body)))
  }

  /** A table of all objects so far (or of some), and the tail; returns the offset of `xref`. */
  table(trailer: string, numbers?: readonly number[], lineEnd = ' \n'): number {
    const start = this.size
    const line = (place: number, detail: number, type: string): string =>
      `${String(place).padStart(10, '0')} ${String(detail).padStart(5, '0')} ${type}${lineEnd}`
    this.add('xref\n')
    if (numbers === undefined) this.add(`0 1\n${line(0, 65535, 'f')}`)
    for (const number of numbers ?? [...this.offsets.keys()].sort((a, b) => a - b)) {
      this.add(`${number} 1\n${line(this.offsets.get(number) ?? 0, 0, 'n')}`)
    }
    this.add(`trailer\n<< ${trailer} >>\nstartxref\n${start}\n%%EOF\n`)
    return start
  }

  /** A cross-reference stream of the given records, and the tail. */
  xrefStream(
    number: number,
    dict: string,
    records: readonly (readonly number[])[],
    widths: readonly number[],
  ): number {
    const start = this.size
    const data = Buffer.concat(records.map((record) => encodeRecord(record, widths)))
    const all = `/Type /XRef /W [${widths.join(' ')}] /Filter /FlateDecode ${dict}`
    this.stream(number, all, deflateSync(data)).add(`startxref\n${start}\n%%EOF\n`)
    return start
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(Buffer.concat(this.#parts))
  }
}

/** One record of a cross-reference stream: big-endian fields of the given widths. */
export function encodeRecord(record: readonly number[], widths: readonly number[]): Buffer {
  const bytes = Buffer.alloc(widths.reduce((sum, width) => sum + width, 0))
  let at = 0
  for (const [index, width] of widths.entries()) {
    let value = record[index] ?? 0
    for (let place = width - 1; place >= 0; place--) {
      bytes[at + place] = value % 256
      value = Math.floor(value / 256)
    }
    at += width
  }
  return bytes
}

/** A file of one page with a table. */
export function tableFile(objects: Objects = ONE_PAGE, extra = ''): Uint8Array<ArrayBuffer> {
  const size = Math.max(...Object.keys(objects).map(Number)) + 1
  const file = new FileBuilder().objects(objects)
  file.table(`/Size ${size} /Root 1 0 R ${extra}`)
  return file.bytes()
}

/** A file of one page whose objects 1–3 lie in object stream 4, with the cross-reference stream 5. */
export function streamFile(
  objects: Objects = ONE_PAGE,
  widths = [1, 2, 2],
): Uint8Array<ArrayBuffer> {
  const numbers = Object.keys(objects).map(Number)
  const holder = Math.max(...numbers) + 1
  const file = new FileBuilder().objectStream(holder, objects)
  const records = [[0, 0, 65535]]
  for (let number = 1; number < holder; number++) {
    records.push(numbers.includes(number) ? [2, holder, numbers.indexOf(number)] : [0, 0, 0])
  }
  records.push([1, file.offsets.get(holder)!, 0], [1, file.size, 0])
  file.xrefStream(holder + 1, `/Size ${holder + 2} /Root 1 0 R`, records, widths)
  return file.bytes()
}

/** A hybrid file: object 4 is hidden from readers of tables, and stands in the object stream 5. */
export function hybridFile(): Uint8Array<ArrayBuffer> {
  const objects = { ...ONE_PAGE, 1: '<< /Type /Catalog /Pages 2 0 R /Names 4 0 R >>' }
  const file = new FileBuilder().objects(objects).objectStream(5, { 4: '<< /Hidden true >>' })
  const hidden = file.size
  const records = [
    [2, 5, 0],
    [1, file.offsets.get(5)!, 0],
    [1, hidden, 0],
  ]
  file.xrefStream(6, '/Size 7 /Index [4 3]', records, [1, 2, 1])
  file.offsets.delete(5)
  file.offsets.delete(6)
  file.table(`/Size 7 /Root 1 0 R /XRefStm ${hidden}`)
  return file.bytes()
}
