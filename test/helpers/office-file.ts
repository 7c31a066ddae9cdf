/**
 * Small Word, Excel and PowerPoint files, deflated as Office writes them, for tests that change one thing at a time.
 * @module
 */
import { crc32, deflateRawSync } from 'node:zlib'

/** Entries by their names, in order. */
export type Entries = Readonly<Record<string, string | Uint8Array>>

const TYPES = 'http://schemas.openxmlformats.org/package/2006/content-types'
export const RELATIONSHIPS = 'http://schemas.openxmlformats.org/package/2006/relationships'
export const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
const FORMATS = 'application/vnd.openxmlformats-officedocument'

/** Writes `[Content_Types].xml`: of relationships, XML and PNG by default, and what else is said of parts. */
export const contentTypes = (overrides: Readonly<Record<string, string>>, more = ''): string =>
  `${DECLARATION}<Types xmlns="${TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
  `<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>${more}${Object.entries(
    overrides,
  )
    .map(([part, type]) => `<Override PartName="${part}" ContentType="${type}"/>`)
    .join('')}</Types>`

/** Writes a part of relationships: `[Id, Type, Target, TargetMode?]` each. */
export const relationships = (...list: readonly (readonly string[])[]): string =>
  `${DECLARATION}<Relationships xmlns="${RELATIONSHIPS}">${list
    .map(
      ([id, type, target, mode]) =>
        `<Relationship Id="${id}" Type="${type}" Target="${target}"${mode === undefined ? '' : ` TargetMode="${mode}"`}/>`,
    )
    .join('')}</Relationships>`

const packageRelationships = (document: string): string =>
  relationships(
    ['rId3', `${OFFICE}/extended-properties`, 'docProps/app.xml'],
    ['rId2', `${RELATIONSHIPS}/metadata/core-properties`, 'docProps/core.xml'],
    ['rId1', `${OFFICE}/officeDocument`, document],
  )

const PROPERTIES = {
  'docProps/core.xml': `${DECLARATION}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Nguyễn Văn A</dc:creator></cp:coreProperties>`,
  'docProps/app.xml': `${DECLARATION}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Words>4</Words></Properties>`,
}
const PROPERTY_TYPES = {
  '/docProps/core.xml': 'application/vnd.openxmlformats-package.core-properties+xml',
  '/docProps/app.xml': `${FORMATS}.extended-properties+xml`,
}

/** A pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** What a letter of Word is made of: text, a picture, and a link to the outside. */
export const WORD: Entries = {
  '[Content_Types].xml': contentTypes({
    '/word/document.xml': `${FORMATS}.wordprocessingml.document.main+xml`,
    ...PROPERTY_TYPES,
  }),
  '_rels/.rels': packageRelationships('word/document.xml'),
  'word/document.xml': `${DECLARATION}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="${OFFICE}"><w:body><w:p><w:hyperlink r:id="rId10"><w:r><w:t>Cấp lại giấy phép</w:t></w:r></w:hyperlink></w:p></w:body></w:document>`,
  'word/_rels/document.xml.rels': relationships(
    ['rId2', `${OFFICE}/image`, 'media/%E1%BA%A3nh.png'],
    ['rId10', `${OFFICE}/hyperlink`, 'https://example.test/?a=1&amp;b=2', 'External'],
  ),
  'word/media/%E1%BA%A3nh.png': PNG,
  ...PROPERTIES,
}

/** A workbook of one sheet. */
export const EXCEL: Entries = {
  '[Content_Types].xml': contentTypes({
    '/xl/workbook.xml': `${FORMATS}.spreadsheetml.sheet.main+xml`,
    '/xl/worksheets/sheet1.xml': `${FORMATS}.spreadsheetml.worksheet+xml`,
    ...PROPERTY_TYPES,
  }),
  '_rels/.rels': packageRelationships('/xl/workbook.xml'),
  'xl/workbook.xml': `${DECLARATION}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${OFFICE}"><sheets><sheet name="Bảng 1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': relationships([
    'rId1',
    `${OFFICE}/worksheet`,
    'worksheets/sheet1.xml',
  ]),
  'xl/worksheets/sheet1.xml': `${DECLARATION}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Cấp lại giấy phép</t></is></c></row></sheetData></worksheet>`,
  ...PROPERTIES,
}

/** A presentation without a slide. */
export const POWERPOINT: Entries = {
  '[Content_Types].xml': contentTypes({
    '/ppt/presentation.xml': `${FORMATS}.presentationml.presentation.main+xml`,
    ...PROPERTY_TYPES,
  }),
  '_rels/.rels': packageRelationships('ppt/presentation.xml'),
  'ppt/presentation.xml': `${DECLARATION}<p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"><p:notesSz cx="6858000" cy="9144000"/></p:presentation>`,
  ...PROPERTIES,
}

/** Writes a ZIP of deflated entries. */
export function zipOffice(entries: Entries): Uint8Array<ArrayBuffer> {
  const parts: Buffer[] = []
  const records: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(entries)) {
    const data = Buffer.from(content)
    const packed = deflateRawSync(data)
    const encoded = Buffer.from(name)
    // Version 2.0, names in UTF-8, deflated, the first day of DOS.
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(0x0800, 2)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(0x00210000, 6)
    common.writeUInt32LE(crc32(data), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(data.length, 18)
    common.writeUInt16LE(encoded.length, 22)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, encoded, packed])
    records.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), common, place, encoded]))
    parts.push(local)
    offset += local.length
  }
  const list = Buffer.concat(records)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(offset, 16)
  return new Uint8Array(Buffer.concat([...parts, list, end]))
}
