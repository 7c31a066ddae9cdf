/**
 * What is in a ZIP, for tests that look into one.
 * @module
 */
import { findEntry, openZip, readEntry } from '../../packages/sdk/src/zip/archive.ts'

type Zip = Uint8Array | Blob

export const bytesOf = async (file: Zip) =>
  new Uint8Array(file instanceof Blob ? await file.arrayBuffer() : file)

/** The names of its entries, in order. */
export const namesOf = async (zip: Zip) => (await openZip(zip)).entries.map(({ name }) => name)

/** What an entry holds. */
export const readIn = async (zip: Zip, name: string) => {
  const archive = await openZip(zip)
  return readEntry(archive, findEntry(archive, name)!, 1e6)
}

/** What an entry holds, as text. */
export const readText = async (zip: Zip, name: string) =>
  new TextDecoder().decode(await readIn(zip, name))
