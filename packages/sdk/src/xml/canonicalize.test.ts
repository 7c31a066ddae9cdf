import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../bytes.ts'
import { C14N_FORMS, C14N_URIS } from './c14n-methods.ts'
import { type C14nOptions, canonicalize } from './canonicalize.ts'
import { compareCodePoints } from './code-points.ts'
import { findById } from './find-id.ts'
import { joinUriReferences } from './join-uri.ts'
import { parseXml } from './parse.ts'

async function write(
  text: string,
  method: string,
  options?: C14nOptions & { readonly id?: string },
): Promise<string> {
  const xml = await parseXml(encodeUtf8(text))
  const node = options?.id === undefined ? xml.dom : findById(xml, options.id)!
  return new TextDecoder().decode(canonicalize(node, method, options))
}
const { 'c14n-1.0': V10, 'c14n-1.1': V11, exclusive: EXCLUSIVE } = C14N_URIS

describe('an element without those around it', () => {
  const text =
    '<a xmlns="urn:1" xmlns:p="urn:p" xmlns:u="urn:u" xml:lang="vi" xml:id="a" xml:base="http://x.vn/y/" u:z="1"><b Id="b" p:q="1" xml:space="preserve"><c/></b></a>'

  it('has in the inclusive form 1.0 all namespaces and all attributes of xml: from them', async () => {
    expect(await write(text, V10, { id: 'b' })).toBe(
      '<b xmlns="urn:1" xmlns:p="urn:p" xmlns:u="urn:u" Id="b" xml:base="http://x.vn/y/" xml:id="a" xml:lang="vi" xml:space="preserve" p:q="1"><c></c></b>',
    )
  })
  it('has in 1.1 no xml:id from them, and one base of all', async () => {
    expect(await write(text.replace('Id="b"', 'Id="b" xml:base="../w/"'), V11, { id: 'b' })).toBe(
      '<b xmlns="urn:1" xmlns:p="urn:p" xmlns:u="urn:u" Id="b" xml:base="http://x.vn/w/" xml:lang="vi" xml:space="preserve" p:q="1"><c></c></b>',
    )
  })
  it('has in the exclusive form what it uses itself', async () => {
    expect(await write(text, EXCLUSIVE, { id: 'b' })).toBe(
      '<b xmlns="urn:1" xmlns:p="urn:p" Id="b" xml:space="preserve" p:q="1"><c></c></b>',
    )
  })
  it('has in the exclusive form the namespaces of a PrefixList too', async () => {
    const inclusivePrefixes = ['u', '#default', 'nobody']
    expect(
      await write(
        '<p:a xmlns:p="urn:p" xmlns:u="urn:u" xmlns="urn:1"><p:b Id="b"><p:c xmlns:u="urn:v"/></p:b></p:a>',
        EXCLUSIVE,
        { id: 'b', inclusivePrefixes },
      ),
    ).toBe(
      '<p:b xmlns="urn:1" xmlns:p="urn:p" xmlns:u="urn:u" Id="b"><p:c xmlns:u="urn:v"></p:c></p:b>',
    )
  })
  it('is the same wherever it stands, in the exclusive form', async () => {
    const moved = `<z xmlns:p="urn:other" xmlns="urn:2"><y xmlns="urn:1" xmlns:p="urn:p"><b Id="b" p:q="1" xml:space="preserve"><c/></b></y></z>`
    const [here, there] = [
      await write(text, EXCLUSIVE, { id: 'b' }),
      await write(moved, EXCLUSIVE, { id: 'b' }),
    ]
    expect(there).toBe(here)
  })
})

describe('what is left out', () => {
  it('leaves no trace', async () => {
    const isLeftOut = ({ nodeName }: Element) => nodeName === 'sig'
    for (const method of Object.keys(C14N_FORMS)) {
      expect(
        await write('<a>1<sig><b/></sig>2<!----></a>', method, {
          isLeftOut,
          withoutComments: true,
        }),
      ).toBe('<a>12</a>')
    }
  })
  it('is every comment, but in the forms that keep them', async () => {
    const text = '<a><!--x--></a><!--y-->'
    for (const [method, { comments }] of Object.entries(C14N_FORMS)) {
      expect(await write(text, method)).toBe(comments ? '<a><!--x--></a>\n<!--y-->' : '<a></a>')
    }
  })
})

describe('what cannot be canonicalised', () => {
  it.each([
    ['an unknown form', '<a/>', 'urn:c14n'],
    ['a form by the name of what every object has', '<a/>', 'toString'],
    ['a relative namespace (Canonical XML 1.0 §1.3)', '<a xmlns="../x"/>', V10],
  ])('%s', async (_, text, method) => {
    await expect(write(text, method)).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED' })
  })
})

describe('the order of code points', () => {
  it('puts what lies beyond the Basic Multilingual Plane last', () => {
    expect(['𐀀', '\uffee', 'b', '\ue000', 'a', 'ab'].sort(compareCodePoints)).toEqual([
      'a',
      'ab',
      'b',
      '\ue000',
      '\uffee',
      '𐀀',
    ])
  })
})

/** Canonical XML 1.1 §2.4 and RFC 3986 §5.4. */
describe('bases are joined', () => {
  it.each([
    ['http://www.example.com/one/two', 'three', 'http://www.example.com/one/three'],
    ['a/b', '..', ''],
    ['a', '..', '../'],
    ['..', 'x', '../x'],
    ['../', '../', '../../'],
    ['a/', 'b/./c/../d', 'a/b/d'],
    ['http://a/b/c/d;p?q', 'g;x=1/../y', 'http://a/b/c/y'],
    ['http://a/b/c/d;p?q', '', 'http://a/b/c/d;p?q'],
    ['http://a/b/c/d;p?q', '?y', 'http://a/b/c/d;p?y'],
    ['http://a/b/c/d;p?q', '//g', 'http://g'],
    ['http://a/b/c/d;p?q', '/g#s', 'http://a/g'],
    ['http://a/b/c/d;p?q', 'urn:x', 'urn:x'],
    ['http://a/b/c/d;p?q', '../../../g', 'http://a/g'],
    ['http://a', 'g', 'http://a/g'],
  ])('%s and %s', (base, relative, joined) => {
    expect(joinUriReferences(base, relative)).toBe(joined)
  })
})
