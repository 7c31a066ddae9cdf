// Figures for people to read, and how they are taken: in turns, so that a busy moment of the machine hits all contenders.

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? NaN
}

/** @param {number} ms */
export const milliseconds = (ms) => `${ms.toFixed(ms < 10 ? 2 : 1)} ms`

/** A line of a table. @param {string} label @param {...string} cells */
export function row(label, ...cells) {
  return `  ${label.padEnd(34)}${cells.map((cell) => cell.padStart(15)).join('')}`
}

/** Milliseconds on the clock, and of all processors. @typedef {{ ms: number, cpuMs: number }} Taken */

/** Times one call. @param {() => unknown} act @returns {Promise<Taken>} */
export async function time(act) {
  const cpu = process.cpuUsage()
  const begun = performance.now()
  await act()
  const ms = performance.now() - begun
  const { user, system } = process.cpuUsage(cpu)
  return { ms, cpuMs: (user + system) / 1000 }
}

/**
 * Has contenders take turns in this process.
 * @param {Record<string, () => unknown>} ways
 * @param {{ rounds: number, warmUps: number, before?: () => void }} plan `before` each, off the clock
 * @returns {Promise<Record<string, Taken>>} medians
 */
export async function takeTurns(ways, { rounds, warmUps, before }) {
  /** @type {Record<string, Taken[]>} */
  const taken = Object.fromEntries(Object.keys(ways).map((name) => [name, []]))
  for (let round = 0; round < warmUps + rounds; round++) {
    for (const [name, act] of Object.entries(ways)) {
      before?.()
      const one = await time(act)
      if (round >= warmUps) taken[name]?.push(one)
    }
  }
  return Object.fromEntries(
    Object.entries(taken).map(([name, all]) => [
      name,
      { ms: median(all.map(({ ms }) => ms)), cpuMs: median(all.map(({ cpuMs }) => cpuMs)) },
    ]),
  )
}

/**
 * The exponent of a power law through points, by least squares on logarithms.
 * @param {readonly (readonly [size: number, cost: number])[]} points
 */
export function fitExponent(points) {
  const logs = points.map(([size, cost]) => [Math.log(size), Math.log(cost)])
  const mean = (/** @type {0 | 1} */ axis) =>
    logs.reduce((sum, point) => sum + (point[axis] ?? NaN), 0) / logs.length
  const [x, y] = [mean(0), mean(1)]
  const sum = (/** @type {(dx: number, dy: number) => number} */ of) =>
    logs.reduce((total, [px = NaN, py = NaN]) => total + of(px - x, py - y), 0)
  return sum((dx, dy) => dx * dy) / sum((dx) => dx * dx)
}
