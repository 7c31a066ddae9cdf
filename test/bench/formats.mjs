// `node formats.mjs`: the other formats beside libraries of JavaScript, and a batch beside the raw signing loop, all in this
// process and warm. A peer does less where it can do no more; what it leaves out is said.
import { createHash, webcrypto } from 'node:crypto'
import { signAsic } from '@trien/sdk/asic'
import { signMany } from '@trien/sdk/batch'
import { signCms } from '@trien/sdk/cms'
import { signJson } from '@trien/sdk/jades'
import { signPdf } from '@trien/sdk/pades'
import { softwareSigner } from '@trien/sdk/webcrypto'
import { signXml } from '@trien/sdk/xades'
import { CompactSign } from 'jose'
import { milliseconds, row, takeTurns } from './figures.mjs'
import { readIdentity } from './identity.mjs'
import { makeSmallPdf } from './inputs.mjs'
import { cmsEncoder } from './pkijs-cms.mjs'
import { importPeer } from './peers.mjs'

const BATCH = 1000
const { privateKey, certificate } = await readIdentity()
const signer = softwareSigner({ privateKey, certificate, chain: [] })
const certificateBase64 = Buffer.from(certificate).toString('base64')

await report('XAdES B-B, enveloped, 3 kB', await xmlWays(10))
await report('XAdES B-B, enveloped, 300 kB', await xmlWays(1000))
const asic = await asicWays()
await report('ASiC-E with CAdES, three files of 1 MB', asic.cades)
await report('ASiC-E with XAdES, the same', asic.xades)
await report('CAdES B-B, detached, 1 MB', await cmsWays())
await report('JAdES B-B, compact, 3 kB', await jsonWays())
await reportBatch()

/** @param {string} title @param {Record<string, () => unknown>} ways ours first */
async function report(title, ways) {
  const taken = await takeTurns(ways, { rounds: 9, warmUps: 4 })
  const [ours] = Object.values(taken)
  console.log(`\n${row(title, 'time', 'processor', 'it / Trien')}`)
  for (const [name, { ms, cpuMs }] of Object.entries(taken)) {
    const ratio = (ms / (ours?.ms ?? NaN)).toFixed(2)
    console.log(row(name, milliseconds(ms), milliseconds(cpuMs), ratio))
  }
}

/** @param {number} rows */
async function xmlWays(rows) {
  const lines = Array.from({ length: rows }, (_, at) => {
    return `<HHDVu><STT>${at}</STT><THHDVu>Giấy in khổ A4 &amp; mực</THHDVu><SLuong>${at}</SLuong><DGia>75000</DGia></HHDVu>`
  })
  const text = `<HDon xmlns="urn:bench"><DLHDon>${lines.join('')}</DLHDon></HDon>`
  const bytes = new TextEncoder().encode(text)
  const signByXadesjs = await loadXadesjs()
  return {
    Trien: () => signXml(bytes, { signer }),
    xadesjs: () => signByXadesjs(new TextDecoder().decode(bytes)),
  }
}

/** xadesjs with the parsers that it names. @returns {Promise<(text: string) => Promise<Uint8Array>>} signs XML, enveloped */
async function loadXadesjs() {
  const xades = await importPeer('xadesjs')
  const dom = await importPeer('@xmldom/xmldom')
  const { XMLSerializer, DOMParser, DOMImplementation } = dom
  const xpath = (await importPeer('xpath')).default
  xades.setNodeDependencies({ XMLSerializer, DOMParser, DOMImplementation, xpath })
  xades.Application.setEngine('NodeJS', webcrypto)
  return async (text) => {
    const xml = xades.Parse(text)
    const signed = new xades.SignedXml()
    await signed.Sign({ name: 'RSASSA-PKCS1-v1_5' }, privateKey, xml, {
      x509: [certificateBase64],
      signingCertificate: certificateBase64,
      references: [{ uri: '', hash: 'SHA-256', transforms: ['enveloped', 'exc-c14n'] }],
    })
    xml.documentElement.appendChild(signed.GetXml())
    return new TextEncoder().encode(new XMLSerializer().serializeToString(xml))
  }
}

/** No library of JavaScript makes ASiC: what would be put together for it is timed, without its manifest or references. */
async function asicWays() {
  const files = ['a', 'b', 'c'].map((name) => ({ name, data: randomBytes(1 << 20) }))
  const JSZip = (await importPeer('jszip')).default
  const encodeCms = await cmsEncoder({ privateKey, certificate })
  const signByXadesjs = await loadXadesjs()
  /** @param {(digest: Buffer) => Promise<[name: string, data: Uint8Array]>} signDigest */
  const pack = async (signDigest) => {
    const zip = new JSZip()
    zip.file('mimetype', 'application/vnd.etsi.asic-e+zip')
    const hash = createHash('sha256')
    for (const { name, data } of files) {
      zip.file(name, data)
      hash.update(data)
    }
    const [name, signature] = await signDigest(hash.digest())
    zip.file(`META-INF/${name}`, signature)
    return zip.generateAsync({ type: 'uint8array', compression: 'STORE' })
  }
  const cades = {
    'Trien, with CAdES': () => signAsic(files, { signer }),
    'JSZip and pkijs, no manifest': () =>
      pack(async (digest) => ['signature001.p7s', await encodeCms(digest)]),
  }
  const xades = {
    'Trien, with XAdES': () => signAsic(files, { signer, signatures: 'XAdES' }),
    'JSZip and xadesjs over one hash': () =>
      pack(async (digest) => {
        const text = `<hash xmlns="urn:bench">${digest.toString('base64')}</hash>`
        return ['signatures001.xml', await signByXadesjs(text)]
      }),
  }
  return { cades, xades }
}

async function cmsWays() {
  const data = randomBytes(1 << 20)
  const encodeCms = await cmsEncoder({ privateKey, certificate })
  return {
    Trien: () => signCms(data, { signer }),
    'pkijs, no signing certificate': () => encodeCms(createHash('sha256').update(data).digest()),
  }
}

async function jsonWays() {
  const data = randomBytes(3000)
  return {
    Trien: () => signJson(data, { signer }),
    'jose, plain JWS': () => {
      const header = { alg: 'RS256', x5c: [certificateBase64] }
      return new CompactSign(data).setProtectedHeader(header).sign(privateKey)
    },
  }
}

async function reportBatch() {
  const pdf = makeSmallPdf()
  const toBeSigned = randomBytes(300)
  const all = Array.from({ length: BATCH }, (_, at) => String(at))
  const items = all.map((id) => ({ id, format: 'pdf', document: pdf }))
  const taken = await takeTurns(
    {
      'raw loop: sign 300 bytes': async () => {
        for (let at = 0; at < BATCH; at++)
          await webcrypto.subtle.sign(privateKey.algorithm, privateKey, toBeSigned)
      },
      signMany: async () => {
        const { done } = await signMany(items, { signer, onSigned: () => {} })
        if (done !== BATCH) throw new Error(`bench: ${done} of ${BATCH} were signed`)
      },
      'signPdf, one after another': async () => {
        for (let at = 0; at < BATCH; at++) await signPdf(pdf, { signer })
      },
    },
    { rounds: 2, warmUps: 1 },
  )
  const [raw] = Object.values(taken)
  console.log(
    `\n${row(`${BATCH} PDFs of ${pdf.length} bytes`, 'time', 'processor', 'a second', 'raw loop / it')}`,
  )
  for (const [name, { ms, cpuMs }] of Object.entries(taken)) {
    const rate = ((BATCH / ms) * 1000).toFixed(0)
    const ratio = ((raw?.ms ?? NaN) / ms).toFixed(2)
    console.log(row(name, milliseconds(ms), milliseconds(cpuMs), rate, ratio))
  }
}

/** @param {number} count */
function randomBytes(count) {
  const bytes = new Uint8Array(count)
  for (let at = 0; at < count; at += 65_536) {
    webcrypto.getRandomValues(bytes.subarray(at, at + 65_536))
  }
  return bytes
}
