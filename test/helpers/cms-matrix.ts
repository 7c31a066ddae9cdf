/**
 * The matrix of CMS signatures that referees judge: each algorithm, attached and detached, of bytes and of a Blob, at each level, by
 * a software signer under a three-tier PKI; and of each a copy with one bit of the data turned and one with one bit of
 * the signature value turned.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { ALGORITHM_NAMES, getAlgorithm, webCryptoParameters } from '@trien/sdk/algorithms'
import { encodeUtf8 } from '@trien/sdk/bytes'
import { signCms } from '@trien/sdk/cms'
import { softwareSigner } from '@trien/sdk/webcrypto'
import type { AlgorithmName, Signer } from '@trien/sdk/types'
import { parseSignedData } from '../../packages/sdk/src/cms/parse.ts'
import type { SignedFile } from './referees/index.ts'
import { type ThreeTierPki, createThreeTierPki } from './three-tier-pki.ts'

type CmsFile = Exclude<SignedFile, { kind: 'pdf' }>

export interface CmsCase {
  /** For example `PS256 attached Blob`. */
  readonly name: string
  readonly algorithm: AlgorithmName
  readonly good: SignedFile
  readonly tampered: readonly SignedFile[]
}

const TEXT = encodeUtf8('Cộng hòa xã hội chủ nghĩa Việt Nam\r\nĐộc lập – Tự do – Hạnh phúc\n')

export interface CmsMatrix {
  /** PEM of the only root to trust. */
  readonly rootFile: string
  readonly cases: readonly CmsCase[]
  /** By each algorithm a detached signature that OpenSSL made with the same key: who refuses it cannot judge ours. */
  readonly controls: ReadonlyMap<AlgorithmName, SignedFile>
}

/** Makes all cases as files in a folder that exists. */
export async function makeCmsMatrix(folder: string): Promise<CmsMatrix> {
  const pki = createThreeTierPki(folder)
  const cases: CmsCase[] = []
  const controls = new Map<AlgorithmName, SignedFile>()
  for (const algorithm of ALGORITHM_NAMES) {
    const signer = await issueSigner(pki, algorithm)
    controls.set(algorithm, signByOpenssl(folder, algorithm))
    for (const kind of ['detached', 'attached'] as const) {
      for (const [form, data, level] of [
        ['bytes', TEXT, 'B-B'],
        ['Blob', new Blob([TEXT.subarray(0, 7), TEXT.subarray(7)]), 'B-B'],
        ['bytes', TEXT, 'B-T'],
      ] as const) {
        const name = `${algorithm} ${level} ${kind} ${form}`
        const signed = await signCms(data, {
          ...{ signer, algorithm, level, timestamp: pki.timestamp },
          detached: kind === 'detached',
        })
        const claim = { kind, level }
        cases.push({
          name,
          algorithm,
          ...writeCase(
            path.join(folder, name),
            claim,
            new Uint8Array(await new Response(signed).arrayBuffer()),
          ),
        })
      }
    }
  }
  return { rootFile: pki.rootFile, cases, controls }
}

async function issueSigner(pki: ThreeTierPki, name: AlgorithmName): Promise<Signer> {
  const algorithm = getAlgorithm(name)
  const newKey =
    algorithm.curve === undefined
      ? [name === 'RS512' || name === 'PS512' ? 'rsa:3072' : 'rsa:2048']
      : ['ec', '-pkeyopt', `ec_paramgen_curve:${algorithm.curve}`]
  const { certificate, pkcs8 } = pki.issue(name, newKey)
  const parameters = webCryptoParameters(algorithm)
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, parameters, false, ['sign'])
  return softwareSigner({ privateKey, certificate, chain: pki.chain })
}

function signByOpenssl(folder: string, name: AlgorithmName): SignedFile {
  const { family, digest } = getAlgorithm(name)
  const file = (ending: string) => path.join(folder, `${name}.${ending}`)
  const pss = ['-keyopt', 'rsa_padding_mode:pss', '-keyopt', 'rsa_pss_saltlen:digest']
  writeFileSync(file('data'), TEXT)
  execFileSync('openssl', [
    ...['cms', '-sign', '-cades', '-binary', '-nosmimecap', '-outform', 'DER'],
    ...['-md', digest.replace('-', '').toLowerCase(), '-in', file('data'), '-out', file('p7')],
    ...[
      '-signer',
      file('pem'),
      '-inkey',
      file('key'),
      '-certfile',
      path.join(folder, 'issuing.pem'),
    ],
    ...(family === 'RSA-PSS' ? pss : []),
  ])
  return { kind: 'detached', signature: file('p7'), data: file('data') }
}

function writeCase(stem: string, claim: Pick<CmsFile, 'kind' | 'level'>, signed: Uint8Array) {
  const write = (ending: string, bytes: Uint8Array) => {
    const file = `${stem}.${ending}`
    writeFileSync(file, bytes)
    return file
  }
  const data = write('data', TEXT)
  const changedData = write('changed-data', withBitTurned(TEXT, 3))
  const good = { ...claim, signature: write('p7', signed), data }
  const brokenValue = write('broken', withBitTurned(signed, lastOfSignatureValue(signed)))
  const at = Buffer.from(signed).indexOf(TEXT)
  const changed =
    claim.kind === 'detached'
      ? { ...good, data: changedData }
      : { ...claim, signature: write('inside', withBitTurned(signed, at + 3)), data: changedData }
  return { good, tampered: [changed, { ...good, signature: brokenValue }] }
}

/** Where in a ContentInfo the one signature value ends, less a few octets. */
function lastOfSignatureValue(signed: Uint8Array): number {
  const [signer] = parseSignedData(signed, 'signature').signerInfos
  const value = Buffer.from(signer!.signature)
  return Buffer.from(signed).indexOf(value) + value.length - 5
}

function withBitTurned(bytes: Uint8Array, at: number): Uint8Array {
  const copy = new Uint8Array(bytes)
  copy[at]! ^= 1
  return copy
}
