/**
 * What reading a file may cost. Every loop of the reader is bounded by itself; their product is bounded here, so that a
 * small file cannot ask for hours of work.
 * @module
 */
import { unsupported } from './malformed.ts'

/** Counts down; one unit is about a byte that is parsed. */
export class Budget {
  #left: number

  constructor(units: number) {
    this.#left = units
  }

  /** @throws {FormatError} FORMAT_UNSUPPORTED {feature: 'files of this complexity'} */
  spend(units: number): void {
    this.#left -= units
    if (this.#left < 0) throw unsupported('files of this complexity')
  }
}
