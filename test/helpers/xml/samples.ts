/**
 * XML documents for canonicalisation: each awkward in ways of its own, and a generator of awkward ones.
 * @module
 */

/** By what is awkward in them. */
export const SAMPLES: Readonly<Record<string, string>> = {
  'comments and instructions around the root (C14N 1.0 §3.1)': `<?xml version="1.0"?>

<?xml-stylesheet   href="doc.xsl"
   type="text/xsl"   ?>

<!-- trước -->
<doc>Hello, world!<!-- Comment 1 --></doc>

<?pi-without-data     ?>

<!-- Comment 2 -->

<!-- Comment 3 -->
`,
  'white space in content (§3.2)': `<doc>
   <clean>   </clean>
   <dirty>   A   B   </dirty>
   <mixed>
      A
      <clean>   </clean>
      B
      <dirty>   A   B   </dirty>
      C
   </mixed>
</doc>`,
  'start and end tags (§3.3)': `<doc>
   <e1   />
   <e2   ></e2>
   <e3   name = "elem3"   id="elem3"   />
   <e4   name="elem4"   id="elem4"   ></e4>
   <e5 a:attr="out" b:attr="sorted" attr2="all" attr="I'm"
      xmlns:b="http://www.ietf.org"
      xmlns:a="http://www.w3.org"
      xmlns="http://example.org"/>
   <e6 xmlns="" xmlns:a="http://www.w3.org">
      <e7 xmlns="http://www.ietf.org">
         <e8 xmlns="" xmlns:a="http://www.w3.org">
            <e9 xmlns="" xmlns:a="http://www.ietf.org"/>
         </e8>
      </e7>
   </e6>
</doc>`,
  'character references (§3.4)': `<doc>
   <text>First line&#x0d;&#10;Second line</text>
   <value>&#x32;</value>
   <compute><![CDATA[value>"0" && value<"10" ?"valid":"error"]]></compute>
   <compute expr='value>"0" &amp;&amp; value&lt;"10" ?"valid":"error"'>valid</compute>
   <norm attr=' &apos;   &#x20;&#13;&#xa;&#9;   &apos; '/>
</doc>`,
  'UTF-8 beyond ASCII (§3.6)':
    '<doc>&#169; Cộng hòa xã hội chủ nghĩa Việt Nam 😀 \u0085 \u2028</doc>',
  'every kind of line end':
    '<a>\r\nx\ry\n\rz<b c="1\r\n2\r3\t4\n5"/><!--m\r\nn\rk--><?p q\rr?></a>',
  'CDATA that ends and starts again': '<a>]]&gt;<![CDATA[]]]]><![CDATA[>&amp;<b>]]></a>',
  'attributes in no order':
    '<a c="3" b="2" a="1" B="4" _="5" x:a="6" xmlns:x="urn:z" y:a="7" xmlns:y="urn:a"/>',
  'names beyond the Basic Multilingual Plane':
    '<𐀀 ｡="1" 𐀁="2" xmlns:𐀂="urn:x" xmlns:ﬀ="urn:y" 𐀂:a="1" ﬀ:a="2"/>'.replace('｡', 'ﾡ'),
  'a prefix declared again for something else':
    '<x:a xmlns:x="urn:1"><x:b xmlns:x="urn:2"><x:c xmlns:x="urn:1"/></x:b></x:a>',
  'a default namespace taken away':
    '<a xmlns="urn:1"><b xmlns=""><c xmlns="urn:1"><d xmlns=""/></c></b><e/></a>',
  'namespaces that nobody uses':
    '<a xmlns:u="urn:u" xmlns="urn:1"><b xmlns:v="urn:v"><c v:x="1"/></b></a>',
  'attributes of xml:':
    '<a xml:lang="vi" xml:space="preserve" xml:id="i"><b xml:lang="en" xml:base="x/"/></a>',
  'quotes and escapes': `<a b='"' c="'" d="&quot;&apos;&lt;&gt;&amp;&#9;&#10;&#13;">&quot;&apos;&lt;&gt;&amp;</a>`,
  'an empty instruction': '<a><?x?><?y  z ?></a>',
  'a declaration of the xml prefix':
    '<a xmlns:xml="http://www.w3.org/XML/1998/namespace" xml:lang="vi"/>',
  'the same in default and prefix': '<a xmlns="urn:1" xmlns:p="urn:1" p:x="1" x="2"><p:b/><b/></a>',
}

/** Numbers that look like chance and are the same each time (mulberry32). */
export function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const PREFIXES = ['', '', 'p', 'q', 'r'] as const
const TEXTS = [
  'a',
  ' ',
  '\r\n',
  '&#13;',
  '&lt;',
  ']]&gt;',
  'đ',
  '😀',
  '<![CDATA[<&>]]>',
  '<!--c-->',
  '<?p d?>',
  '"',
]
const VALUES = ['1', 'a&amp;b', '&quot;', '\t', '&#9;', '&#xD;&#xA;', "'", '𐀀', '']
const LOCALS = ['a', 'b', 'đơn', 'B', '_c']
/** Names since the fifth edition of XML 1.0. */
const NEW_LOCALS = [...LOCALS, 'ﬀ', '𐀀']

/**
 * Writes a document with namespaces, attributes and content of all kinds in no order.
 * @param edition of XML 1.0, whose names it has
 */
export function generateXml(seed: number, edition: 4 | 5 = 5): string {
  const locals = edition === 5 ? NEW_LOCALS : LOCALS
  const random = createRandom(seed)
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T
  const element = (depth: number, scope: ReadonlySet<string>): string => {
    const declared = new Map<string, string>()
    for (let count = random(3); count > 0; count--) declared.set(pick(PREFIXES), `urn:${random(3)}`)
    if (random(6) === 0) declared.set('', '')
    const inScope = new Set([...scope, ...declared.keys()])
    const prefix = pick([...inScope].concat(''))
    const name = `${prefix}${prefix && ':'}${pick(locals)}`
    const prefixes = [...inScope].filter((known) => known !== '')
    const attributes = new Map<string, string>()
    for (let count = random(4); count > 0; count--) attributes.set(pick(locals), pick(VALUES))
    const own = prefixes.length > 0 && random(2) === 0 ? pick(prefixes) : undefined
    if (own !== undefined) attributes.set(`${own}:x`, pick(VALUES))
    if (random(5) === 0) attributes.set(`xml:${pick(['lang', 'base'])}`, 'x')
    const head = [
      ...[...declared].map(([p, uri]) => `xmlns${p && ':'}${p}="${uri}"`),
      ...[...attributes].map(([local, value]) => `${local}="${value}"`),
    ]
    const content: string[] = []
    for (let count = random(5); count > 0; count--) {
      content.push(depth < 6 && random(2) === 0 ? element(depth + 1, inScope) : pick(TEXTS))
    }
    const start = [name, ...head.sort(() => random(2) - 1)].join(' ')
    return content.length === 0 ? `<${start}/>` : `<${start}>${content.join('')}</${name}>`
  }
  return `<?before?><!--${seed}-->${element(0, new Set(['']))}<!--after-->`
}
