/**
 * What the bridge shows on wss: one leaf, its key, and the certificate of the authority that a browser was told to
 * believe. Kept in the person's state folder: `tls.pem` (mode 0600, all three) and `tls-authority.pem`, the public
 * one alone, for policies that name a file.
 * @module
 */
import { type KeyObject, X509Certificate, createPrivateKey, randomUUID } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { StateFolderError, assertPrivate } from '../state-folder.ts'

/** With which every name of an authority of ours begins; the rest tells one from the next. */
export const AUTHORITY_NAME = 'Trien for this computer only'
/** So long before its end an identity is replaced. */
export const RENEW_BEFORE_MS = 30 * 24 * 60 * 60 * 1000

const FILE = 'tls.pem'
const AUTHORITY_FILE = 'tls-authority.pem'
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** Both certificates and the leaf's key. */
export interface TlsIdentity {
  readonly authority: X509Certificate
  readonly leaf: X509Certificate
  readonly key: KeyObject
}

/**
 * Reads the identity of a state folder.
 * @returns undefined where there is none
 * @throws {StateFolderError} where others may reach it, or it is not what was written
 */
export function findTlsIdentity(stateFolder: string): TlsIdentity | undefined {
  const file = path.join(stateFolder, FILE)
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return undefined
  assertPrivate(file, 'file')
  try {
    const text = readFileSync(file, 'utf8')
    const [leaf, authority] = (text.match(CERTIFICATE) ?? []).map((pem) => new X509Certificate(pem))
    const key = createPrivateKey(text)
    if (leaf && authority && leaf.checkPrivateKey(key) && leaf.verify(authority.publicKey)) {
      return { leaf, authority, key }
    }
  } catch (cause) {
    throw unreadable(file, cause)
  }
  throw unreadable(file)
}

/**
 * Puts an identity in the place of the one before, whole or not at all.
 * @param stateFolder as `openStateFolder` gives it
 * @throws what the file system throws
 */
export function writeTlsIdentity(stateFolder: string, identity: TlsIdentity): void {
  const { leaf, authority, key } = identity
  const secret = String(key.export({ type: 'pkcs8', format: 'pem' }))
  replaceFile(path.join(stateFolder, FILE), `${secret}${leaf.toString()}${authority.toString()}`)
  replaceFile(authorityFile(stateFolder), authority.toString())
  chmodSync(authorityFile(stateFolder), 0o644)
}

/** Removes the identity; tells whether there was one. */
export function removeTlsIdentity(stateFolder: string): boolean {
  const file = path.join(stateFolder, FILE)
  const wasThere = lstatSync(file, { throwIfNoEntry: false }) !== undefined
  rmSync(file, { force: true })
  rmSync(authorityFile(stateFolder), { force: true })
  return wasThere
}

/** Where the authority's certificate lies by itself. */
export function authorityFile(stateFolder: string): string {
  return path.join(stateFolder, AUTHORITY_FILE)
}

/** When the bridge's certificate ends. */
export function endOf({ leaf }: TlsIdentity): Date {
  return new Date(leaf.validTo)
}

/** The name of the authority, as lists of certificates show it. */
export function nameOf(authority: X509Certificate): string {
  return authority.subject.replace(/^CN=/, '')
}

function replaceFile(file: string, text: string): void {
  const draft = `${file}.${randomUUID()}`
  const handle = openSync(draft, 'wx', 0o600)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  } finally {
    closeSync(handle)
  }
}

function unreadable(file: string, cause?: unknown): StateFolderError {
  return new StateFolderError(
    `${file} cannot be read as a certificate and its key`,
    'trien-bridge tls install --renew',
    { cause },
  )
}
