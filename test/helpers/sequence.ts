/** A linear congruential generator (Numerical Recipes'): what looks like chance is the same in every run. */
export class Sequence {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  below(count: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0
    return Math.floor((this.#state / 2 ** 32) * count)
  }

  one<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!
  }

  /** @param most how many at most; at least one */
  some<T>(most: number, make: (index: number) => T): T[] {
    return Array.from({ length: 1 + this.below(most) }, (_, index) => make(index))
  }
}
