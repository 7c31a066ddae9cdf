/**
 * Names of parts: addresses inside a package, of which the entries of its ZIP are named.
 *
 * ```
 * word/media/ảnh.png     an entry
 * /word/media/%E1%BA%A3nh.png     its part                                  ISO/IEC 29500-2 §6.2.2, §7.3.4
 * ```
 * @module
 */
import { malformedPackage, unsupportedPackage } from './malformed.ts'

const SEGMENT = /^(?:[\w.~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+$/

/** Undoes escapes of what needs none, which names do not have, and of `/` and `\\`, which they must not (§6.2.2.2). */
const unescapeNeedless = (name: string): string =>
  name.replace(/%[0-9A-Fa-f]{2}/g, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16))
    return /[\w.~/\\-]/.test(character) ? character : escape
  })

/**
 * Gives the name of the part that an entry holds.
 * @throws {FormatError} FORMAT_MALFORMED where the entry can be no part; FORMAT_UNSUPPORTED for one that is a piece of a part
 */
export function partNameOf(entry: string): string {
  if (/\.piece$/i.test(entry)) throw unsupportedPackage('parts in pieces')
  // What is no ASCII letter may stand in a ZIP as it is; in an address it is escaped.
  const name = entry.replace(/[^\x00-\x7f]+/g, encodeURIComponent)
  const isName = name.split('/').every((segment) => SEGMENT.test(segment) && !segment.endsWith('.'))
  if (!isName || unescapeNeedless(name) !== name)
    throw malformedPackage(`names of parts, not ${entry.slice(0, 80)}`)
  return `/${name}`
}

/** Two names are one where they differ in case alone (§6.2.2.3). */
export const sameName = (name: string): string => name.toLowerCase()

/**
 * Finds the part that a relationship leads to, for whoever reads `\` as `/` and needless escapes as what they stand for
 * too: what is unsigned must not be content to any reader.
 * @param source the part that it starts from; empty for the package
 * @returns undefined where it is no address inside
 */
export function resolveTarget(source: string, target: string): string | undefined {
  const base = 'ooxml://package'
  try {
    const from = `${base}${source === '' ? '/' : source}`
    const { href, pathname } = new URL(target.replaceAll('\\', '/'), from)
    return href.startsWith(`${base}/`) ? unescapeNeedless(pathname) : undefined
  } catch {
    return undefined
  }
}

/** The part that holds the relationships of another; of the package where the name is empty. */
export function relationshipsOf(source: string): string {
  const at = source.lastIndexOf('/') + 1
  return source === '' ? '/_rels/.rels' : `${source.slice(0, at)}_rels/${source.slice(at)}.rels`
}

/** The part whose relationships a part holds, empty for the package; undefined where it is of another name. */
export function sourceOf(relationshipsPart: string): string | undefined {
  const match = /^(.*\/)_rels\/([^/]*)\.rels$/i.exec(relationshipsPart)
  if (match === null) return undefined
  return match[2] === '' ? '' : `${match[1]}${match[2]}`
}
