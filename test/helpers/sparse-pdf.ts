/**
 * A PDF of any size: one page, and a stream of zeros.
 * @module
 */
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'

/** Writes it. @param streamBytes of zeros, which take no room on the disk */
export function writeSparsePdf(file: string, streamBytes: number): void {
  const disk = openSync(file, 'w')
  const head = [
    '%PDF-1.7\n',
    '1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n',
    '2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n',
    '3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n',
  ]
  const offsets = head.map((_, index) => head.slice(0, index).join('').length)
  const start = head.join('').length
  const stream = `4 0 obj\n<< /Length ${streamBytes} >>\nstream\n`
  writeSync(disk, head.join('') + stream, 0)
  const end = start + stream.length + streamBytes
  ftruncateSync(disk, end)
  const entries = [...offsets.slice(1), start].map(
    (offset) => `${String(offset).padStart(10, '0')} 00000 n \n`,
  )
  const tail = '\nendstream\nendobj\n'
  const trailer = `xref\n0 5\n0000000000 65535 f \n${entries.join('')}trailer\n<< /Size 5 /Root 1 0 R >>\n`
  writeSync(disk, `${tail}${trailer}startxref\n${end + tail.length}\n%%EOF\n`, end)
  closeSync(disk)
}
