/**
 * Plain signatures in XML and JSON that others made, for the tests of the referees themselves: each with a copy in which one
 * letter of what was signed is another.
 * @module
 */
import { execFile } from 'node:child_process'
import { X509Certificate, constants, sign } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Identity } from './openssl-identity.ts'
import type { SignedFile } from './types.ts'

const METHODS: Readonly<Record<string, string>> = { RS256: 'rsa-sha256', ES256: 'ecdsa-sha256' }
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const DSIG = 'http://www.w3.org/2000/09/xmldsig#'

/** Has xmlsec1 sign a small file, enveloped. */
export async function signByXmlsec(
  { key, certificate }: Identity,
  algorithm: string,
  folder: string,
): Promise<SignedFile> {
  const method = `http://www.w3.org/2001/04/xmldsig-more#${METHODS[algorithm]}`
  const template = path.join(folder, `${algorithm}-template.xml`)
  await writeFile(
    template,
    `<a><b>Hanoi</b><Signature xmlns="${DSIG}" Id="sig"><SignedInfo><CanonicalizationMethod Algorithm="${EXCLUSIVE}"/>` +
      `<SignatureMethod Algorithm="${method}"/><Reference URI=""><Transforms>` +
      `<Transform Algorithm="${DSIG}enveloped-signature"/><Transform Algorithm="${EXCLUSIVE}"/></Transforms>` +
      '<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference></SignedInfo>' +
      '<SignatureValue/><KeyInfo><X509Data><X509Certificate/></X509Data></KeyInfo></Signature></a>',
  )
  const signature = path.join(folder, `${algorithm}.xml`)
  const args = ['--sign', '--privkey-pem', `${key},${certificate}`, '--output', signature, template]
  await promisify(execFile)('xmlsec1', args)
  return withCopy('xades', signature, ['Hanoi', 'Hanoj'])
}

/** Signs a small text by OpenSSL, as Node has it: a compact JWS. */
export async function signJwsByOpenssl(
  identity: Identity,
  algorithm: string,
  folder: string,
): Promise<SignedFile> {
  const { raw } = new X509Certificate(await readFile(identity.certificate))
  const header = { alg: algorithm, x5c: [raw.toString('base64')] }
  const [payload, other] = ['Hanoi', 'Hanoj'].map((text) => Buffer.from(text).toString('base64url'))
  const input = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}`
  const key = await readFile(identity.key)
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
  const scheme = algorithm === 'PS256' ? pss : { dsaEncoding: 'ieee-p1363' as const }
  const value = sign('sha256', Buffer.from(input), { key, ...scheme }).toString('base64url')
  const signature = path.join(folder, `${algorithm}.jws`)
  await writeFile(signature, `${input}.${value}`)
  return withCopy('jades', signature, [`.${payload}.`, `.${other}.`])
}

async function withCopy(
  kind: 'xades' | 'jades',
  signature: string,
  [from, to]: readonly [string, string],
): Promise<SignedFile> {
  const folder = path.dirname(signature)
  const tampered = path.join(folder, `tampered-${path.basename(signature)}`)
  await writeFile(tampered, (await readFile(signature, 'utf8')).replace(from, to))
  return { kind, signature, tampered }
}
