/**
 * A throw-away CA and signers, made by OpenSSL alone, for the tests of the referees themselves.
 * @module
 */
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Paths of PEM files. */
export interface Identity {
  readonly key: string
  readonly certificate: string
  readonly caFile: string
}

const EXTENSIONS = `
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
`

/** Of the PKCS #12 that `packIdentity` writes. */
export const PACK_PASSWORD = 'trien'

/** Writes a key with its certificate as PKCS #12. */
export async function packIdentity({ key, certificate }: Identity, file: string): Promise<void> {
  const pack = ['pkcs12', '-export', '-inkey', key, '-in', certificate, '-out', file]
  await run('openssl', [...pack, '-passout', `pass:${PACK_PASSWORD}`])
}

/**
 * Makes a CA in a folder.
 * @returns a function that makes a signer there, its key by `openssl req -newkey`
 */
export async function makeOpensslCa(folder: string) {
  const caFile = path.join(folder, 'ca.pem')
  const caKey = path.join(folder, 'ca.key')
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', caKey, '-out', caFile],
    ...['-days', '2', '-subj', '/C=VN/O=Trien test/CN=Referee CA'],
    ...['-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
  ])
  return async (name: string, newKey: readonly string[]): Promise<Identity> => {
    const file = (ending: string) => path.join(folder, `${name}.${ending}`)
    const [key, certificate] = [file('key'), file('pem')]
    await run('openssl', [
      ...['req', '-new', '-newkey', ...newKey, '-nodes', '-keyout', key, '-out', file('csr')],
      ...['-subj', `/C=VN/O=Trien test/CN=${name}`],
    ])
    await writeFile(file('ext'), EXTENSIONS)
    await run('openssl', [
      ...['x509', '-req', '-in', file('csr'), '-CA', caFile, '-CAkey', caKey, '-CAcreateserial'],
      ...['-days', '1', '-sha256', '-extfile', file('ext'), '-out', certificate],
    ])
    return { key, certificate, caFile }
  }
}

/**
 * Signs a file by `openssl cms`, with the attributes of CAdES.
 * @param algorithm by its name in RFC 7518, for example PS384
 */
export async function signByOpenssl(
  { key, certificate, caFile }: Identity,
  file: { data: string; out: string; kind: 'detached' | 'attached'; algorithm: string },
): Promise<void> {
  const pss = file.algorithm.startsWith('PS')
  await run('openssl', [
    ...['cms', '-sign', '-cades', '-binary', '-nosmimecap', '-md', `sha${file.algorithm.slice(2)}`],
    ...['-signer', certificate, '-inkey', key, '-certfile', caFile, '-outform', 'DER'],
    ...['-in', file.data, '-out', file.out],
    ...(file.kind === 'attached' ? ['-nodetach'] : []),
    ...(pss ? ['-keyopt', 'rsa_padding_mode:pss', '-keyopt', 'rsa_pss_saltlen:digest'] : []),
  ])
}
