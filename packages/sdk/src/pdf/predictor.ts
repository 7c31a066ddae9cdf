/**
 * Predictors of FlateDecode: PNG's row filters (ISO 32000-2 §7.4.4.4, PNG §9), which cross-reference streams use.
 * @module
 */
import type { Bytes } from '../bytes.ts'
import { malformed, unsupported } from './malformed.ts'

/** Parameters of a predictor, Table 8. */
export interface PredictorParameters {
  readonly predictor: number
  readonly colors: number
  readonly bitsPerComponent: number
  readonly columns: number
}

/**
 * Undoes a predictor; 1 is none, 10–15 are PNG's, whose real filter stands before each row.
 * @throws {FormatError} FORMAT_UNSUPPORTED, FORMAT_MALFORMED
 */
export function undoPredictor(data: Bytes, parameters: PredictorParameters): Bytes {
  const { predictor, colors, bitsPerComponent, columns } = parameters
  if (predictor === 1) return data
  if (predictor < 10 || predictor > 15) throw unsupported(`predictor ${predictor}`)
  const pixelBytes = Math.max(1, (colors * bitsPerComponent) >> 3)
  const rowBytes = Math.ceil((colors * bitsPerComponent * columns) / 8)
  if (!(rowBytes > 0 && rowBytes <= 1 << 20)) throw malformed('predictor', 0, 'sane /Columns')
  return undoRows(data, rowBytes, pixelBytes)
}

function undoRows(data: Bytes, rowBytes: number, pixelBytes: number): Bytes {
  const rows = Math.ceil(data.length / (rowBytes + 1))
  const plain = new Uint8Array(Math.max(0, data.length - rows))
  let before = new Uint8Array(rowBytes)
  for (let row = 0; row < rows; row++) {
    const from = row * (rowBytes + 1)
    const target = plain.subarray(row * rowBytes, (row + 1) * rowBytes)
    target.set(data.subarray(from + 1, from + 1 + target.length))
    undoRow(data[from] as number, target, before, pixelBytes)
    before = target
  }
  return plain
}

function undoRow(filter: number, row: Bytes, before: Bytes, pixelBytes: number): void {
  if (filter > 4) throw malformed('predictor', 0, 'PNG filter 0–4')
  if (filter === 0) return
  for (let index = 0; index < row.length; index++) {
    const left = row[index - pixelBytes] ?? 0
    const up = before[index] ?? 0
    const corner = index < pixelBytes ? 0 : (before[index - pixelBytes] ?? 0)
    row[index] = (row[index] as number) + predicted(filter, left, up, corner)
  }
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left
  if (filter === 2) return up
  if (filter === 3) return (left + up) >> 1
  const estimate = left + up - corner
  const toLeft = Math.abs(estimate - left)
  const toUp = Math.abs(estimate - up)
  const toCorner = Math.abs(estimate - corner)
  if (toLeft <= toUp && toLeft <= toCorner) return left
  return toUp <= toCorner ? up : corner
}
