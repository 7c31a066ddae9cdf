// @cantoo/pdf-lib cannot sign: it writes the revision with a placeholder, as its README shows; the hash is Node's own and
// the CMS is made by pkijs. Its fastest parsing is chosen.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { importPeer } from '../peers.mjs'
import { cmsEncoder } from '../pkijs-cms.mjs'

const RESERVED = 16_384

/** @param {{ privateKey: CryptoKey, certificate: Uint8Array }} identity */
export async function load(identity) {
  const lib = await importPeer('@cantoo/pdf-lib')
  const encodeCms = await cmsEncoder(identity)
  return async (/** @type {string} */ input, /** @type {string} */ output) => {
    const original = readFileSync(input)
    const bytes = await addPlaceholder(lib, original)
    const open = bytes.indexOf(`<${'0'.repeat(RESERVED)}>`, original.length, 'latin1')
    const close = open + RESERVED + 2
    const range = `/ByteRange [ 0 ${open} ${close} ${bytes.length - close} ]`
    const at = bytes.indexOf('/ByteRange', original.length, 'latin1')
    const room = bytes.indexOf(']', at, 'latin1') + 1 - at
    bytes.write(range.padEnd(room), at, 'latin1')
    const hash = createHash('sha256')
    hash.update(bytes.subarray(0, open)).update(bytes.subarray(close))
    bytes.write((await encodeCms(hash.digest())).toString('hex'), open + 1, 'latin1')
    writeFileSync(output, bytes)
  }
}

/** @param {any} lib @param {Buffer} original @returns {Promise<Buffer>} */
async function addPlaceholder(lib, original) {
  const { PDFDocument, PDFHexString, PDFName, PDFString, ParseSpeeds } = lib
  const document = await PDFDocument.load(original, {
    forIncrementalUpdate: true,
    updateMetadata: false,
    parseSpeed: ParseSpeeds.Fastest,
  })
  const { context, catalog } = document
  const [page] = document.getPages()
  const wide = PDFName.of('**********')
  const value = context.register(
    context.obj({
      Type: 'Sig',
      Filter: 'Adobe.PPKLite',
      SubFilter: 'ETSI.CAdES.detached',
      ByteRange: [0, wide, wide, wide],
      Contents: PDFHexString.of('0'.repeat(RESERVED)),
      M: PDFString.fromDate(new Date()),
      Reason: PDFString.of('Bench'),
    }),
  )
  const field = context.register(
    context.obj({
      Type: 'Annot',
      Subtype: 'Widget',
      FT: 'Sig',
      Rect: [0, 0, 0, 0],
      V: value,
      T: PDFString.of('Signature1'),
      F: 132,
      P: page.ref,
    }),
  )
  page.node.addAnnot(field)
  catalog.set(PDFName.of('AcroForm'), context.obj({ SigFlags: 3, Fields: [field] }))
  const bytes = await document.commit({ useObjectStreams: false })
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
