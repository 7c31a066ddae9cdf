/** A seal as agencies have one: red on nothing, two rings and a star, filling its square. */
import { encodePng } from './png-file.ts'

const SIDE = 426

/** PNG of 426 × 426 pixels: 36 mm at 300 dpi. */
export function drawSeal(): Uint8Array<ArrayBuffer> {
  return encodePng({
    ...{ width: SIDE, height: SIDE, colourType: 6 },
    at: (x, y) => [200, 16, 46, Math.round(255 * coverage(x, y))],
  })
}

/** How much of a pixel is inked, by sixteen points of it. */
function coverage(x: number, y: number): number {
  let inked = 0
  for (let part = 0; part < 16; part++) {
    const across = ((x + (part % 4) / 4 + 0.125) / SIDE) * 2 - 1
    const up = 1 - ((y + Math.floor(part / 4) / 4 + 0.125) / SIDE) * 2
    if (isInked(across, up)) inked++
  }
  return inked / 16
}

function isInked(x: number, y: number): boolean {
  const radius = Math.hypot(x, y)
  if (radius > 1) return false
  if (radius > 0.93 || (radius > 0.62 && radius < 0.65)) return true
  // A star of five points: inside of at least four of its five edges.
  const edges = [0, 1, 2, 3, 4].map((point) => {
    const angle = Math.PI / 2 + (point * 2 * Math.PI) / 5
    return x * Math.cos(angle) + y * Math.sin(angle) < 0.145
  })
  return edges.filter(Boolean).length >= 4 && radius < 0.5
}
