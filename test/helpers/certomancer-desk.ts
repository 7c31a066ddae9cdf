/**
 * A portal of three formats whose authorities are certomancer's alone.
 * @module
 */
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Level, type LevelChoice, signCms } from '@trien/sdk/cms'
import { type HttpOptions, httpAuthorities, httpTimestamp } from '@trien/sdk/http'
import { signPdf } from '@trien/sdk/pades'
import type { Authorities, Bytes, Signer, TimestampSource } from '@trien/sdk/types'
import { signXml } from '@trien/sdk/xades'
import { type Certomancer, startCertomancer } from './certomancer.ts'
import { tableFile } from './pdf-file.ts'
import type { SignedFile } from './referees/index.ts'
import { softwareSignerOf } from './software-signer.ts'
import { APPLICATION } from './xml/forms.ts'

type Options = LevelChoice & { readonly signer: Signer }

export const CONTENT = new TextEncoder().encode('Quyết định về việc cấp phép')
export const FORMATS: Readonly<Record<string, (options: Options) => Promise<Bytes>>> = {
  CMS: (options) => signCms(CONTENT, options),
  PDF: (options) => signPdf(tableFile(), options),
  XML: (options) => signXml(new TextEncoder().encode(APPLICATION), options),
}

/** Who is asked instead of whom, where a certificate names another; or at which address. */
export type Instead = Readonly<Record<string, string | ((url: string) => string)>>

export const NO_OCSP: Instead = { 'ocsp/good': 'ocsp/nobody' }
export const NO_LIST: Instead = { 'crls/issuing': 'crls/nobody' }

/** Has certomancer look at another clock. @param clock ISO 8601 */
export const at = (clock: string): HttpOptions => ({
  headers: { 'X-Certomancer-Fake-Time': clock },
})

export interface CertomancerDesk {
  readonly peer: Certomancer
  readonly folder: string
  /** PEM of the root. */
  readonly caFile: string
  /** @param issuer comes along; without it whoever wants it has to ask */
  signerOf(label: string, issuer?: string): Promise<Signer>
  tsa(service?: string, options?: HttpOptions): TimestampSource
  /** Asks those that certificates name, but for some. */
  asking(instead?: Instead, options?: HttpOptions): Required<Authorities>
  /** Knows the issuers besides, so that what fails is what is to fail. */
  authorities(instead?: Instead, options?: HttpOptions): Required<Authorities>
  /** Writes a signed file for referees. */
  write(format: string, name: string, level: Level, bytes: Bytes): SignedFile
  close(): Promise<void>
}

export async function openCertomancerDesk(): Promise<CertomancerDesk> {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-certomancer-'))
  const peer = await startCertomancer(folder)
  const known = [await peer.certificate('issuing'), await peer.certificate('root')]
  const caFile = path.join(folder, 'root.pem')
  writeFileSync(caFile, new X509Certificate(known[1]!).toString())

  const asking: CertomancerDesk['asking'] = (instead = {}, options = {}) => {
    const { ocsp, crl, issuers } = httpAuthorities({
      ...options,
      fetch(url, init) {
        const found = Object.entries(instead).find(([from]) => url.startsWith(peer.url(from)))
        if (found === undefined) return fetch(url, init)
        const [from, to] = found
        return fetch(typeof to === 'string' ? url.replace(from, to) : to(url), init)
      },
    })
    return { ocsp: ocsp!, crl: crl!, issuers: issuers! }
  }
  return {
    ...{ peer, folder, caFile, asking },
    async signerOf(label, issuer) {
      const key = { keyFile: peer.keyFile('signer'), certificate: await peer.certificate(label) }
      if (issuer === undefined) return softwareSignerOf(key, 'ES256')
      return softwareSignerOf(key, 'ES256', { certificate: await peer.certificate(issuer) })
    },
    tsa: (service = 'tsa/good', options = {}) => httpTimestamp(peer.url(service), options),
    authorities: (...how) => ({ ...asking(...how), issuers: async () => known }),
    write: (...file) => write(folder, file),
    async close() {
      await peer.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function write(
  folder: string,
  [format, name, level, bytes]: Parameters<CertomancerDesk['write']>,
): SignedFile {
  const signature = path.join(folder, `${name}-${level}.${format.toLowerCase()}`)
  writeFileSync(signature, bytes)
  if (format === 'PDF') return { kind: 'pdf', level, signature }
  if (format === 'CMS') {
    const data = path.join(folder, 'data')
    writeFileSync(data, CONTENT)
    return { kind: 'detached', level, signature, data }
  }
  const text = Buffer.from(bytes).toString('utf8')
  const tampered = `${signature}.tampered`
  writeFileSync(tampered, text.replace('Cấp lại', 'Cấp mới'))
  return { kind: 'xades', level, signature, tampered }
}
