/** Archival documents made by hand: of each part and level of PDF/A that is asked for, and PDF/UA; two pages, one blank. */
import { ONE_PAGE, tableFile } from './pdf-file.ts'
import type { Flavour } from './referees/verapdf.ts'

export interface ArchivalWish {
  readonly flavour: Exclude<Flavour, '4f'>
  /** What colours on a screen mean; without it a file may have no device colours. Default: true. */
  readonly hasOutputIntent?: boolean
}

/** Makes a document that veraPDF accepts. */
export function archivalFile({ flavour, hasOutputIntent = true }: ArchivalWish) {
  const isTagged = flavour.endsWith('a') || flavour === 'ua1'
  const xmp = metadataOf(flavour)
  const profile = rgbProfile()
  const intent = hasOutputIntent ? '/OutputIntents [5 0 R]' : ''
  const structure = isTagged ? '/StructTreeRoot 7 0 R /MarkInfo << /Marked true >>' : ''
  const content = isTagged ? '/P << /MCID 0 >> BDC 10 10 m 20 20 l W n EMC' : '10 10 m W n'
  const file = tableFile(
    {
      1: `<< /Type /Catalog /Pages 2 0 R /Metadata 4 0 R /Lang (vi-VN) ${intent} ${structure}
          /ViewerPreferences << /DisplayDocTitle true >> >>`,
      2: '<< /Type /Pages /Kids [3 0 R 12 0 R] /Count 2 >>',
      3: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 11 0 R /Resources << >>
          ${isTagged ? '/StructParents 0' : ''} >>`,
      4: stream('/Type /Metadata /Subtype /XML', xmp),
      5: `<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB)
          /DestOutputProfile 6 0 R >>`,
      6: stream('/N 3', profile),
      7: '<< /Type /StructTreeRoot /K 8 0 R /ParentTree 9 0 R >>',
      8: '<< /Type /StructElem /S /Document /P 7 0 R /K [10 0 R] >>',
      9: '<< /Nums [0 [10 0 R]] >>',
      10: '<< /Type /StructElem /S /P /P 8 0 R /Pg 3 0 R /K 0 >>',
      11: stream('', content),
      12: ONE_PAGE[3]!,
    },
    `/ID [<${'01'.repeat(16)}> <${'02'.repeat(16)}>]`,
  )
  // ISO 19005-4 §6.1.2 asks for it in the header.
  if (flavour === '4') file.set(Buffer.from('%PDF-2.0'))
  return file
}

const stream = (dict: string, data: string): string =>
  `<< ${dict} /Length ${data.length} >>\nstream\n${data}\nendstream`

function metadataOf(flavour: Flavour): string {
  const [part, level] = flavour
  const claims: Readonly<Record<string, string>> = {
    ua1: '<pdfuaid:part>1</pdfuaid:part>',
    4: '<pdfaid:part>4</pdfaid:part><pdfaid:rev>2020</pdfaid:rev>',
  }
  const claim =
    claims[flavour] ??
    `<pdfaid:part>${part}</pdfaid:part>
     <pdfaid:conformance>${level!.toUpperCase()}</pdfaid:conformance>`
  return `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/">${claim}
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Quyet dinh</rdf:li></rdf:Alt></dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`
}

/** A display profile (ICC.1:2001) with the primaries of sRGB and a plain gamma of 2.2; one character a byte. */
function rgbProfile(): string {
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4)
    bytes.writeInt32BE(Math.round(value))
    return bytes
  }
  const fixed = (...values: readonly number[]): Buffer =>
    Buffer.concat(values.map((value) => number(value * 65536)))
  const tag = (type: string, ...parts: readonly Buffer[]): Buffer =>
    Buffer.concat([Buffer.from(type), number(0), ...parts])
  const text = Buffer.from('sRGB\0')
  const gamma = tag('curv', number(1), Buffer.from([2, 51, 0, 0]))
  const description = [number(text.length), text, Buffer.alloc(4 + 4 + 2 + 1 + 67 + 2)]
  const tags: readonly (readonly [string, Buffer])[] = [
    ['desc', tag('desc', ...description)],
    ['cprt', tag('text', Buffer.from('none\0'))],
    ['wtpt', tag('XYZ ', fixed(0.9642, 1, 0.8249))],
    ['rXYZ', tag('XYZ ', fixed(0.4361, 0.2225, 0.0139))],
    ['gXYZ', tag('XYZ ', fixed(0.3851, 0.7169, 0.0971))],
    ['bXYZ', tag('XYZ ', fixed(0.1431, 0.0606, 0.7141))],
    ...['rTRC', 'gTRC', 'bTRC'].map((name) => [name, gamma] as const),
  ]
  const padded = tags.map(([, data]) => Buffer.concat([data, Buffer.alloc(-data.length & 3)]))
  let offset = 128 + 4 + tags.length * 12
  const table = tags.map(([name, data], index) => {
    const entry = Buffer.concat([Buffer.from(name), number(offset), number(data.length)])
    offset += padded[index]!.length
    return entry
  })
  const header = Buffer.alloc(128)
  header.writeUInt32BE(offset, 0)
  header.writeUInt32BE(0x02100000, 8)
  header.write('mntrRGB XYZ ', 12, 'latin1')
  header.set([7, 234, 0, 1, 0, 1], 24)
  header.write('acsp', 36, 'latin1')
  fixed(0.9642, 1, 0.8249).copy(header, 68)
  return Buffer.concat([header, number(tags.length), ...table, ...padded]).toString('latin1')
}
