/**
 * Tells the files that are ZIPs from each other: each format builds on its signatures in its own way.
 * @module
 */
import type { Bytes } from '../bytes.ts'
import { load } from '../load.ts'
import { findEntry, openZip } from '../zip/archive.ts'
import type { Rungs } from './ladder.ts'

/** The entry that makes a ZIP a package of Office (ISO/IEC 29500-2 §7.3.7). */
const PACKAGE = '[Content_Types].xml'

/**
 * Finds what each level is to a file.
 * @throws {FormatError} FORMAT_MALFORMED where it is no ZIP
 * @throws {UsageError} USAGE_NOT_LOADED
 */
export async function findRungs(file: Bytes | Blob): Promise<Rungs<Bytes | Blob>> {
  const isPackage = findEntry(await openZip(file), PACKAGE) !== undefined
  return isPackage
    ? (await load(import('./upgrade-office.ts'))).createRungs()
    : (await load(import('./upgrade-asic.ts'))).createRungs()
}
