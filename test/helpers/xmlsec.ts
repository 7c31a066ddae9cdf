/**
 * xmlsec1, somebody else's XML Signature: it fills in a template and tells what bytes it digested and signed.
 * @module
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { X509Certificate } from 'node:crypto'

/** A key, its certificate and a folder to work in. */
export interface XmlSigner {
  readonly certificate: Uint8Array<ArrayBuffer>
  /** PEM. */
  readonly privateKey: string
  /**
   * Signs a template; elements of these names have an attribute `Id` that references mean.
   * @throws where xmlsec1 fails
   */
  sign(template: string, idElements: readonly string[]): SignedXml
  remove(): void
}

export interface SignedXml {
  readonly xml: string
  /** The canonical SignedInfo. */
  readonly toBeSigned: Uint8Array<ArrayBuffer>
  /** What each reference was digested from, in order. */
  readonly digested: readonly Uint8Array<ArrayBuffer>[]
  readonly signature: Buffer
}

/** @param newKey what follows `openssl req -newkey` */
export function createXmlSigner(...newKey: readonly string[]): XmlSigner {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-xmlsec-'))
  const file = (name: string): string => path.join(folder, name)
  const subject = ['-utf8', '-subj', '/CN=Người ký', '-days', '2']
  const out = ['-keyout', file('key.pem'), '-out', file('certificate.pem')]
  execFileSync('openssl', ['req', '-x509', '-nodes', '-newkey', ...newKey, ...subject, ...out], {
    stdio: 'ignore',
  })
  const { raw } = new X509Certificate(readFileSync(file('certificate.pem')))
  return {
    certificate: new Uint8Array(raw),
    privateKey: readFileSync(file('key.pem'), 'utf8'),
    sign(template, idElements) {
      writeFileSync(file('template.xml'), template)
      const ids = idElements.flatMap((name) => ['--id-attr:Id', name])
      const { status, stdout, stderr } = spawnSync('xmlsec1', [
        ...['--sign', '--privkey-pem', file('key.pem'), ...ids],
        ...['--store-references', '--store-signatures', '--print-debug'],
        ...['--output', file('signed.xml'), file('template.xml')],
      ])
      if (status !== 0) throw new Error(`xmlsec1: ${stderr.toString()}`)
      const xml = readFileSync(file('signed.xml'), 'utf8')
      const value = /<(?:\w+:)?SignatureValue>([^<]+)/.exec(xml)?.[1] ?? ''
      const [toBeSigned = new Uint8Array()] = findBuffers(stdout, 'PreSigned')
      return {
        xml,
        toBeSigned,
        digested: findBuffers(stdout, 'PreDigest'),
        signature: Buffer.from(value, 'base64'),
      }
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}

function findBuffers(output: Buffer, name: string): Uint8Array<ArrayBuffer>[] {
  const [start, end] = [`== ${name} data - start buffer:\n`, `\n== ${name} data - end buffer`]
  const found: Uint8Array<ArrayBuffer>[] = []
  for (let at = output.indexOf(start); at >= 0; at = output.indexOf(start, at + 1)) {
    const from = at + start.length
    found.push(new Uint8Array(output.subarray(from, output.indexOf(end, from))))
  }
  return found
}
