import { describe, expect, it } from 'vitest'
import { codeOf } from '../../../../test/helpers/code-of.ts'
import { concatBytes, encodeUtf8 } from '../bytes.ts'
import { isSigningError } from '../errors.ts'
import { findById } from './find-id.ts'
import { applyEdit, planAppend } from './insert.ts'
import { parseXml } from './parse.ts'

const read = (text: string) => parseXml(encodeUtf8(text))
const detailOf = async (bytes: Uint8Array): Promise<unknown> => {
  try {
    await parseXml(bytes)
  } catch (error) {
    if (isSigningError(error)) return error.details['feature'] ?? error.code
    throw error
  }
  return undefined
}

describe('what is not read as XML', () => {
  const utf16 = (text: string, mark: readonly number[]): Uint8Array => {
    const bytes = new Uint8Array(new Uint16Array([...text].map((c) => c.charCodeAt(0))).buffer)
    return concatBytes(Uint8Array.from(mark), bytes)
  }
  it.each<[string, unknown, Uint8Array | string]>([
    ['DOCTYPE', 'DOCTYPE', '<!DOCTYPE a><a/>'],
    [
      'a billion laughs',
      'DOCTYPE',
      `<!DOCTYPE a [<!ENTITY l "ha"><!ENTITY m "&l;&l;&l;&l;">]><a>&m;</a>`,
    ],
    [
      'an external entity',
      'DOCTYPE',
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    ],
    [
      'a parameter entity after a comment',
      'DOCTYPE',
      '<!--x--><!DOCTYPE a [<!ENTITY % p "q"> %p;]><a/>',
    ],
    ['an entity that nobody declared', 'FORMAT_MALFORMED', '<a>&nbsp;</a>'],
    ['an entity in an attribute', 'FORMAT_MALFORMED', '<a b="&x;"/>'],
    ['UTF-16 with its mark', 'XML in UTF-16', utf16('<a/>', [0xff, 0xfe])],
    ['UTF-16 without a mark', 'XML in UTF-16', utf16('<a/>', [])],
    ['bytes that are not UTF-8', 'FORMAT_MALFORMED', Uint8Array.of(0x3c, 0x61, 0x3e, 0xff)],
    [
      'bytes of another encoding, which it names',
      'XML in ISO-8859-1',
      new Uint8Array(
        Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>', 'latin1'),
      ),
    ],
    [
      'another encoding',
      'XML in windows-1258',
      '<?xml version="1.0" encoding="windows-1258"?><a/>',
    ],
    ['XML 1.1', 'XML 1.1', '<?xml version="1.1"?><a/>'],
    ['a declaration that is none', 'FORMAT_MALFORMED', '<?xml encoding="UTF-8"?><a/>'],
    ['nothing', 'FORMAT_MALFORMED', ''],
    ['text alone', 'FORMAT_MALFORMED', 'đơn'],
    ['two roots', 'FORMAT_MALFORMED', '<a/><b/>'],
    ['text after the root', 'FORMAT_MALFORMED', '<a/>x'],
    ['a root that does not end', 'FORMAT_MALFORMED', '<a><b></b>'],
    ['end tags in the wrong order', 'FORMAT_MALFORMED', '<a><b></a></b>'],
    ['an attribute twice', 'FORMAT_MALFORMED', '<a b="1" b="2"/>'],
    [
      'an attribute twice by two prefixes',
      'FORMAT_MALFORMED',
      '<a xmlns:p="urn:x" xmlns:q="urn:x" p:b="1" q:b="2"/>',
    ],
    ['a prefix without a meaning', 'FORMAT_MALFORMED', '<p:a/>'],
    ['an attribute’s prefix without a meaning', 'FORMAT_MALFORMED', '<a p:b="1"/>'],
    ['an attribute without quotes', 'FORMAT_MALFORMED', '<a b=1/>'],
    ['< in an attribute', 'FORMAT_MALFORMED', '<a b="<"/>'],
    [']]> in text', 'FORMAT_MALFORMED', '<a>]]></a>'],
    ['-- in a comment', 'FORMAT_MALFORMED', '<a><!-- a -- b --></a>'],
    ['an instruction named xml', 'FORMAT_MALFORMED', '<a><?xml version="1.0"?></a>'],
    ['a control character', 'FORMAT_MALFORMED', '<a>\u0001</a>'],
    ['a control character by its number', 'FORMAT_MALFORMED', '<a>&#1;</a>'],
    ['a surrogate by its number', 'FORMAT_MALFORMED', '<a>&#xD800;</a>'],
    ['a character beyond all', 'FORMAT_MALFORMED', '<a>&#x110000;</a>'],
    ['an entity declared in content', 'FORMAT_MALFORMED', '<a><!ENTITY x "y"></a>'],
    ['levels without end', 'XML deeper than 256', '<a>'.repeat(257)],
    [
      'attributes without end',
      'XML with more than 256 attributes in an element',
      `<a ${Array.from({ length: 257 }, (_, n) => `a${n}=""`).join(' ')}/>`,
    ],
    [
      'elements without end',
      'XML of more than 1000000 elements',
      `<a>${'<b/>'.repeat(1_000_000)}</a>`,
    ],
    ['bytes without end', 'XML of more than 64 MiB', new Uint8Array((64 << 20) + 1)],
  ])('%s', async (_, expected, input) => {
    expect(await detailOf(typeof input === 'string' ? encodeUtf8(input) : input)).toBe(expected)
  })

  it('takes time in proportion to what it refuses', async () => {
    const hostile = ['<a b="', '<!--', '<![CDATA[', '<?p ', '<a '].map((start) =>
      encodeUtf8(`<r>${start.repeat(40_000)}`),
    )
    for (const bytes of hostile) expect(await detailOf(bytes)).toBe('FORMAT_MALFORMED')
  }, 10_000)
})

describe('what is read', () => {
  it('knows where each element stands', async () => {
    const text =
      '\ufeff<?xml version="1.0" encoding="utf-8"?><a><!--<x>--><b c=">"/><![CDATA[<y>]]><d>đ</d></a>'
    const { spans, text: decoded, startBytes } = await read(text)
    expect(startBytes).toBe(3)
    expect(spans.map(({ name }) => name)).toEqual(['a', 'b', 'd'])
    expect(spans.map(({ start, contentStart }) => decoded.slice(start, contentStart))).toEqual([
      '<a>',
      '<b c=">"/>',
      '<d>',
    ])
    expect(
      spans.map(({ contentStart, contentEnd }) => decoded.slice(contentStart, contentEnd))[2],
    ).toBe('đ')
  })

  it.each([
    ['<a>đ</a>', '<a>đ+</a>'],
    ['<a b = "1"  />', '<a b = "1"  >+</a>'],
    ['\ufeff<p:a xmlns:p="urn:/x"/>\r\n', '\ufeff<p:a xmlns:p="urn:/x">+</p:a>\r\n'],
    ['<?xml version="1.0"?>\r\n<a>\r\n</a >', '<?xml version="1.0"?>\r\n<a>\r\n+</a >'],
  ])('is added to, and else kept byte for byte: %j', async (before, after) => {
    const bytes = encodeUtf8(before)
    const xml = await parseXml(bytes)
    const edited = applyEdit(bytes, planAppend(xml, xml.spans[0]!), '+')
    expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(edited)).toBe(after)
  })
})

describe('what a reference means', () => {
  it.each(['Id', 'ID', 'id', 'xml:id'])('an element by its %s', async (attribute) => {
    const xml = await read(`<a><b ${attribute}="x"/><c ${attribute}="y"/></a>`)
    expect(findById(xml, 'y')?.nodeName).toBe('c')
    expect(findById(xml, 'z')).toBeUndefined()
  })

  it('one element, though it says its name twice', async () => {
    const xml = await read('<a><b Id="x" xml:id="x"/></a>')
    expect(findById(xml, 'x')?.nodeName).toBe('b')
  })

  it('no element by an attribute of somebody else', async () => {
    const xml = await read('<a xmlns:p="urn:p"><b p:Id="x"/><c Ident="x"/></a>')
    expect(findById(xml, 'x')).toBeUndefined()
  })

  it.each([
    ['the same attribute', '<a><b Id="x"/><c Id="x"/></a>'],
    ['attributes of two spellings', '<a><b Id="x"/><c id="x"/></a>'],
    ['one within the other', '<a Id="x"><b xml:id="x"/></a>'],
  ])('nothing where two answer to it: %s', async (_, text) => {
    const xml = await read(text)
    expect(await codeOf(Promise.resolve(xml).then((read) => findById(read, 'x')))).toBe(
      'FORMAT_NOT_ALLOWED',
    )
  })
})
