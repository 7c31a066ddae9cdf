/**
 * What the examples of docs/formats import as `./portal.js`: what each portal has of its own. People sign by keys of an
 * authority that OpenSSL made a moment ago.
 */
import { createPrivateKey } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { Signer } from '@trien/sdk/types'
import { softwareSigner } from '@trien/sdk/webcrypto'
import { WORD, zipOffice } from './office-file.ts'
import { type KeyKind, createTestAuthority } from './pki.ts'
import { root } from './referees/tool.ts'
import { drawSeal } from './seal-picture.ts'

/** Where all of it lies, and what the examples made. */
export const folder = path.join(root, 'out/guides')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

export const authority = createTestAuthority(folder)

/** Who signs by RSA, as most do, and a colleague who signs by ECDSA. In a page: `bridge.signer(certificate)`. */
export const signer = await createSigner('RSA-2048', 'signer')
export const colleague = await createSigner('P-256', 'colleague')

/** A time stamping authority. In a page: `bridge.relay.timestamp`. */
export const timestamp = authority.openTimestamps()

/** Who answers for certificates. In a page: `bridge.relay`; elsewhere `httpAuthorities()` of `@trien/sdk/http`. */
export const authorities = authority.openAuthorities()

/** A letter, as bytes. */
export const letter = new TextEncoder().encode('Kính gửi: Ủy ban nhân dân phường\r\n')

/** An application form, as a person chose it. */
export const pdf = new File(
  [readFileSync(path.join(root, 'packages/demo/sample/application.pdf'))],
  'application.pdf',
  { type: 'application/pdf' },
)

/** A contract, as a person chose it. */
export const word = new File([zipOffice(WORD)], 'hợp đồng.docx')

/** The picture of somebody's handwritten signature, and that of an organisation's seal. */
export const handwriting = new Uint8Array(
  readFileSync(path.join(root, 'packages/demo/sample/signature.png')),
)
export const seal = drawSeal()

async function createSigner(kind: KeyKind, name: string): Promise<Signer> {
  const { keyFile, certificate } = authority.issue(kind, name)
  const der = createPrivateKey(readFileSync(keyFile)).export({ type: 'pkcs8', format: 'der' })
  const parameters = kind.startsWith('RSA')
    ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
    : { name: 'ECDSA', namedCurve: kind }
  const privateKey = await crypto.subtle.importKey('pkcs8', der, parameters, false, ['sign'])
  return softwareSigner({ privateKey, certificate, chain: [authority.certificate] })
}
