/**
 * What is seen of a signature on the paper: the whole of what a portal writes for it.
 * @module
 */
import { personalSignature, signerBlock, type Appearance } from '@trien/sdk/appearance'
import type { ChosenDocument, Looks } from './state.ts'

/** Between the title and the name of the sample form; millimetres. */
const SIGNING_ROOM = { x: 121, y: 200, width: 61, height: 23 }
/** Of a file that nobody knows: the lower right of its last page. */
const CORNER = { x: 20, y: 25, width: 60, height: 25, from: 'bottom-right' } as const

/**
 * Makes the appearance.
 * @returns undefined where nothing is to be seen
 */
export async function appearanceOf(
  looks: Looks,
  document: ChosenDocument,
): Promise<Appearance | undefined> {
  if (looks === 'none' || document.format !== 'pdf') return undefined
  const room = document.isSample ? SIGNING_ROOM : CORNER
  if (looks === 'block') return signerBlock({ at: { ...room, width: 60, height: 12 } })
  return personalSignature({ image: await loadHand(), within: room })
}

async function loadHand(): Promise<Uint8Array> {
  const response = await fetch('/signature.png')
  if (!response.ok) throw new Error(`signature.png: ${response.status}`)
  return new Uint8Array(await response.arrayBuffer())
}
