/**
 * Who makes a tree of text: the browser's own parser; where there is none, in Node and in workers, @xmldom/xmldom, which
 * is loaded only there.
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
  if (typeof DOMParser === 'function') {
    return (text) => new DOMParser().parseFromString(text, 'application/xml')
  }
  const { DOMParser: XmlDom } = await load(import('@xmldom/xmldom'))
  return (text) => {
    const parser = new XmlDom({
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
