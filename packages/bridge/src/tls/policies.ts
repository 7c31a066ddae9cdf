/**
 * What an administrator may lay down for a machine instead: policies of Firefox and of Chromium's kin. The bridge
 * prints them and writes none.
 * @module
 */
import type { X509Certificate } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'

const FIREFOX = '/etc/firefox/policies/policies.json'
const CHROMIUM_FOLDERS = [
  '/etc/chromium/policies/managed',
  '/etc/opt/chrome/policies/managed',
  '/etc/opt/edge/policies/managed',
] as const
const MAX_POLICY_BYTES = 1 << 20

/** A policy and where it belongs. */
export interface Policy {
  readonly file: string
  readonly content: object
}

/** @param authorityFile that every profile of Firefox on the machine may read */
export function wordPolicies(authority: X509Certificate, authorityFile: string): Policy[] {
  return [
    { file: FIREFOX, content: { policies: { Certificates: { Install: [authorityFile] } } } },
    ...CHROMIUM_FOLDERS.map((folder) => ({
      file: path.join(folder, 'trien-tls.json'),
      content: { CACertificates: [authority.raw.toString('base64')] },
    })),
  ]
}

/** All policy files of the machine that have browsers believe it. */
export function findPoliciesFor(authority: X509Certificate, authorityFile: string): string[] {
  return [...(isNamedToFirefox(authorityFile) ? [FIREFOX] : []), ...findPoliciesWith(authority)]
}

/** The policy files that hold this very certificate, and so will not follow when it is replaced. */
export function findPoliciesWith(
  authority: X509Certificate,
  folders: readonly string[] = CHROMIUM_FOLDERS,
): string[] {
  const text = authority.raw.toString('base64')
  return folders.flatMap((folder) => {
    try {
      return readdirSync(folder)
        .map((name) => path.join(folder, name))
        .filter((file) => readPolicy(file).includes(text))
    } catch {
      return []
    }
  })
}

/** Whether Firefox is told of the file; it reads it anew at each start, and so follows a replacement. */
export function isNamedToFirefox(authorityFile: string, file = FIREFOX): boolean {
  return readPolicy(file).includes(JSON.stringify(authorityFile))
}

/** Empty where it cannot be read: then it is no policy for us to speak of. */
function readPolicy(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(0, MAX_POLICY_BYTES)
  } catch {
    return ''
  }
}
