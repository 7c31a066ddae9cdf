// One throw-away RSA-2048 key and self-signed certificate, made afresh for each run and used by every contender.
import { webcrypto } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { OUT, importPeer } from './peers.mjs'

const file = path.join(OUT, 'identity.json')
const algorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
}

/** Makes the key and certificate and keeps them in out/bench. */
export async function makeIdentity() {
  const pkijs = await importPeer('pkijs')
  const asn1js = await importPeer('asn1js')
  pkijs.setEngine('node', new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto }))
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = new pkijs.Certificate({
    version: 2,
    serialNumber: new asn1js.Integer({ value: 1 }),
  })
  const name = new pkijs.AttributeTypeAndValue({
    type: '2.5.4.3',
    value: new asn1js.Utf8String({ value: 'Trien bench' }),
  })
  certificate.subject.typesAndValues.push(name)
  certificate.issuer.typesAndValues.push(name)
  certificate.notBefore.value = new Date(Date.now() - 86_400_000)
  certificate.notAfter.value = new Date(Date.now() + 86_400_000)
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey)
  await certificate.sign(keys.privateKey, 'SHA-256')
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  mkdirSync(OUT, { recursive: true })
  writeFileSync(
    file,
    JSON.stringify({
      privateKey: Buffer.from(key).toString('base64'),
      certificate: Buffer.from(certificate.toSchema(true).toBER()).toString('base64'),
    }),
  )
}

/** Reads what `makeIdentity` kept: a CryptoKey and DER. */
export async function readIdentity() {
  const kept = JSON.parse(readFileSync(file, 'utf8'))
  const pkcs8 = Buffer.from(kept.privateKey, 'base64')
  const privateKey = await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign'])
  return { privateKey, certificate: new Uint8Array(Buffer.from(kept.certificate, 'base64')) }
}
