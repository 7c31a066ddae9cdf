/** Corners of the standards that a matrix of algorithms does not reach. */
import { execFileSync } from 'node:child_process'
import { X509Certificate, createPrivateKey } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { getAlgorithm, webCryptoParameters } from '@trien/sdk/algorithms'
import { encodeUtf8 } from '@trien/sdk/bytes'
import { type SignCmsOptions, signCms } from '@trien/sdk/cms'
import type { AlgorithmName } from '@trien/sdk/types'
import { softwareSigner } from '@trien/sdk/webcrypto'
import * as der from '../../packages/sdk/src/asn1/der.ts'
import { rsaEncryption } from '../../packages/sdk/src/asn1/oid.ts'
import { readDer } from '../../packages/sdk/src/asn1/reader.ts'
import { SYSTEM_REFEREES, presentReferees } from '../helpers/referees/index.ts'
import { hasTools } from '../helpers/tools.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'trien-corners-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const data = encodeUtf8('Giấy chứng nhận')
const referees = presentReferees(SYSTEM_REFEREES).filter(({ kinds }) => kinds.includes('detached'))

/** A self-signed signer; an RSA key under rsaEncryption whatever identifier the certificate gives it. */
async function makeSigner(stem: string, name: AlgorithmName, newKey: readonly string[]) {
  const file = (ending: string) => path.join(folder, `${stem}.${ending}`)
  const args = ['-nodes', '-utf8', '-subj', '/C=VN/CN=Người ký', '-days', '20000']
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', ...newKey, ...args, '-keyout', file('key')],
      ...['-addext', 'keyUsage=critical,digitalSignature,nonRepudiation', '-out', file('pem')],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const pkcs8 = readDer(
    createPrivateKey(readFileSync(file('key'))).export({ type: 'pkcs8', format: 'der' }),
    'private key',
  )
  const plain = der.encodeSequence(
    der.encodeInteger(0),
    newKey[0] === 'rsa-pss'
      ? der.encodeAlgorithmIdentifier(rsaEncryption, der.encodeNull())
      : pkcs8.getChild(1, der.TAG.SEQUENCE).bytes,
    pkcs8.getChild(2, der.TAG.OCTET_STRING).bytes,
  )
  const parameters = webCryptoParameters(getAlgorithm(name))
  const privateKey = await crypto.subtle.importKey('pkcs8', plain, parameters, false, ['sign'])
  const certificate = new Uint8Array(new X509Certificate(readFileSync(file('pem'))).raw)
  return { caFile: file('pem'), signer: softwareSigner({ privateKey, certificate }) }
}

async function verdicts(caFile: string, options: SignCmsOptions, judges = referees) {
  const signature = path.join(folder, 'signed.p7s')
  const dataFile = path.join(folder, 'data')
  writeFileSync(signature, await signCms(data, options))
  writeFileSync(dataFile, data)
  const all: string[] = []
  for (const referee of judges) {
    const [verdict] = await referee.judge([{ kind: 'detached', signature, data: dataFile }], caFile)
    all.push(`${referee.name}: ${verdict?.accepted ? 'accepted' : verdict?.summary}`)
  }
  return all
}

const allAccepted = (judges = referees) => judges.map(({ name }) => `${name}: accepted`)

describe.runIf(hasTools('openssl') && referees.length > 0)('referees accept', () => {
  it('a signing time of 2050, when UTCTime has ended', async () => {
    const { caFile, signer } = await makeSigner('late', 'ES256', [
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
    ])
    const signingTime = new Date('2050-01-01T00:00:00Z')
    expect(await verdicts(caFile, { signer, signingTime })).toEqual(allAccepted())
  })

  it('a key whose certificate pins it to RSA-PSS with SHA-256', async () => {
    const { caFile, signer } = await makeSigner('pinned', 'PS256', [
      'rsa-pss',
      ...[
        'rsa_keygen_bits:2048',
        'rsa_pss_keygen_md:sha256',
        'rsa_pss_keygen_mgf1_md:sha256',
      ].flatMap((option) => ['-pkeyopt', option]),
    ])
    // GnuTLS 3.7 refuses what OpenSSL signs with such a key, too.
    const judges = referees.filter(({ name }) => name !== 'certtool')
    expect(await verdicts(caFile, { signer }, judges)).toEqual(allAccepted(judges))
  })

  it('a self-signed signer, whose certificate must stay inside', async () => {
    const { caFile, signer } = await makeSigner('self', 'RS256', ['rsa:2048'])
    const chain = [signer.certificate]
    expect(await verdicts(caFile, { signer: { ...signer, chain } })).toEqual(allAccepted())
  })
})
