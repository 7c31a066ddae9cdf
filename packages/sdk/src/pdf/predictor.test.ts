import { describe, expect, it } from 'vitest'
import { undoPredictor } from './predictor.ts'

const undo = (predictor: number, columns: number, ...data: number[]) => [
  ...undoPredictor(Uint8Array.from(data), { predictor, colors: 1, bitsPerComponent: 8, columns }),
]

describe('predictors', () => {
  it('passes 1 through', () => {
    expect(undo(1, 3, 1, 2, 3)).toEqual([1, 2, 3])
  })

  // Two rows of [10 20 30] [11 22 33], by each filter of PNG §9.2.
  it.each([
    ['None', [0, 10, 20, 30, 0, 11, 22, 33]],
    ['Sub', [1, 10, 10, 10, 1, 11, 11, 11]],
    ['Up', [2, 10, 20, 30, 2, 1, 2, 3]],
    ['Average', [3, 10, 15, 20, 3, 6, 7, 7]],
    ['Paeth', [4, 10, 10, 10, 4, 1, 2, 3]],
  ])('undoes %s', (_, data) => {
    for (const predictor of [10, 12, 15]) {
      expect(undo(predictor, 3, ...data)).toEqual([10, 20, 30, 11, 22, 33])
    }
  })

  it('reads a last row that is cut short', () => {
    expect(undo(12, 3, 2, 1, 2, 3, 2, 1)).toEqual([1, 2, 3, 2])
  })

  it('refuses what it does not know', () => {
    expect(() => undo(2, 3, 1)).toThrowError(
      expect.objectContaining({ code: 'FORMAT_UNSUPPORTED' }),
    )
    expect(() => undo(12, 3, 9, 1, 1, 1)).toThrowError(
      expect.objectContaining({ code: 'FORMAT_MALFORMED' }),
    )
    expect(() => undo(12, -1, 0)).toThrowError(
      expect.objectContaining({ code: 'FORMAT_MALFORMED' }),
    )
  })
})
