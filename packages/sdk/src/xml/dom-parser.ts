/**
 * Who makes a tree of text: the browser's own parser; where there is none, in Node and in workers, or where a page's Trusted
 * Types keep it from us, @xmldom/xmldom, which is loaded only there.
 * @module
 */
import { load } from '../load.ts'
import { malformedXml } from './malformed.ts'

/** Makes a tree of a whole document's text. */
export type ParseDom = (text: string) => Document

/**
 * Finds the parser of this place.
 * @throws {UsageError} USAGE_NOT_LOADED
 */
export async function findDomParser(): Promise<ParseDom> {
  native ??= { parse: findNative() }
  if (native.parse !== undefined) return native.parse
  // A package of CommonJS: where esbuild splits such a one off, its names are on its default export alone.
  const { default: xmldom } = await load(import('@xmldom/xmldom'))
  return (text) => {
    const parser = new xmldom.DOMParser({
      locator: false,
      // XML 1.0 §2.11. Left to itself, it would take U+0085 and U+2028 for line ends, as XML 1.1 does.
      normalizeLineEndings: (source) => source.replace(/\r\n?/g, '\n'),
      onError(_, message) {
        throw new Error(message)
      },
    })
    try {
      return parser.parseFromString(text, 'application/xml') as unknown as Document
    } catch (cause) {
      throw malformedXml(0, 'well-formed XML', cause)
    }
  }
}

/** What was found of the browser's own; a page that forbids it reports every try. */
let native: { readonly parse: ParseDom | undefined } | undefined

/** Undefined where there is none, or where the page may not use it. */
function findNative(): ParseDom | undefined {
  if (typeof DOMParser !== 'function') return undefined
  const trust = createTrust()
  const parse: ParseDom = (text) =>
    new DOMParser().parseFromString(trust(text) as string, 'application/xml')
  try {
    parse('<a/>')
    return parse
  } catch {
    return undefined
  }
}

interface TextPolicy {
  createHTML(text: string): unknown
}

interface TrustedTypes {
  createPolicy(name: string, policy: TextPolicy): TextPolicy
}

/**
 * Makes text what a page that has `require-trusted-types-for 'script'` lets its parser read. The tree never becomes part of the
 * page, and nothing but this file can use the policy. A page can have but one of a name.
 * @see Trusted Types §2.3
 */
function createTrust(): (text: string) => unknown {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes }
  try {
    const policy = trustedTypes?.createPolicy('trien', { createHTML: (same) => same })
    if (policy !== undefined) return (text) => policy.createHTML(text)
  } catch {
    // Not among those that `trusted-types` allows.
  }
  return (text) => text
}
