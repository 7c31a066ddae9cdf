/**
 * jose, a JavaScript library of JSON Web Signatures: signature values, `crit`, `b64`; of counter-signatures too. Blind to
 * chains and to what JAdES adds; the digests of documents outside and of the certificate are compared here.
 * @module
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type JWSHeaderParameters, decodeProtectedHeader, flattenedVerify, importX509 } from 'jose'
import { judgeEach } from './tool.ts'
import type { Referee } from './types.ts'

interface Signature {
  readonly protected: string
  readonly signature: string
  readonly header?: { readonly etsiU?: readonly unknown[] }
}

type Header = JWSHeaderParameters & { readonly sigD?: SigD; readonly 'x5t#S256'?: string }

interface SigD {
  readonly pars: readonly string[]
  readonly hashM: string
  readonly hashV: readonly string[]
}

/** Documents outside, by their paths. */
export type Outside = (name: string) => Uint8Array

/**
 * Verifies every signature of a JWS, and every counter-signature below one, by the first certificate of its own x5c.
 * @param content what must be inside, where that is to be looked at
 * @returns what is wrong; empty where nothing is
 */
export async function verifyByJose(
  jws: string,
  content: Uint8Array | undefined,
  outside?: Outside,
): Promise<string> {
  try {
    const { payload, signatures } = readForm(jws)
    for (const signature of signatures) {
      const { header, signed } = await verifyOne(signature, payload)
      if (header.sigD) assertOutside(header.sigD, outside)
      else if (content && !Buffer.from(signed).equals(content)) return 'another payload inside'
    }
    return ''
  } catch (error) {
    return String(error)
  }
}

async function verifyOne(
  signature: Signature,
  payload = '',
): Promise<{ readonly header: Header; readonly signed: Uint8Array }> {
  const header = decodeProtectedHeader(signature) as Header
  const [certificate = ''] = header.x5c ?? []
  const pem = `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----`
  const digest = createHash('sha256').update(Buffer.from(certificate, 'base64'))
  const named = header['x5t#S256']
  if (named !== undefined && digest.digest('base64url') !== named) {
    throw new Error('another certificate is named')
  }
  const key = await importX509(pem, header.alg!)
  const { header: unsigned, ...bare } = signature
  const crit = { crit: { sigD: true } }
  const verified = await flattenedVerify({ ...bare, payload }, key, crit)
  for (const counter of counterSignatures(unsigned?.etsiU ?? [])) {
    await verifyOne(counter, signature.signature)
  }
  return { header, signed: verified.payload }
}

/** TS 119 182-1 §5.3.2: each in an element of its own, which is base64url of JSON or JSON. */
function counterSignatures(etsiU: readonly unknown[]): readonly Signature[] {
  return etsiU.flatMap((element) => {
    const text = typeof element === 'string' ? Buffer.from(element, 'base64url').toString() : ''
    const component = (text === '' ? element : JSON.parse(text)) as { readonly cSig?: unknown }
    const { cSig } = component
    if (cSig === undefined) return []
    return typeof cSig === 'string' ? readForm(cSig).signatures : [cSig as Signature]
  })
}

function readForm(jws: string): { payload?: string; signatures: readonly Signature[] } {
  if (!jws.startsWith('{')) {
    const [header = '', payload = '', signature = ''] = jws.split('.')
    return { payload, signatures: [{ protected: header, signature }] }
  }
  const whole = JSON.parse(jws) as Signature & { payload?: string; signatures?: Signature[] }
  const { payload, signatures = [whole] } = whole
  return { ...(payload === undefined ? {} : { payload }), signatures }
}

function assertOutside({ pars, hashM, hashV }: SigD, outside: Outside | undefined): void {
  pars.forEach((name, index) => {
    const hash = createHash(hashM.replace('S', 'sha'))
    const digest = hash.update(outside!(decodeURIComponent(name))).digest('base64url')
    if (digest !== hashV[index]) throw new Error(`${name} is another`)
  })
}

export const jose: Referee = {
  name: 'jose',
  kinds: ['jades'],
  seesTampering: true,
  missing: () => undefined,
  judge: (files) =>
    judgeEach('jose', files, async (file) => {
      const outside = 'data' in file && file.data ? readFileSync(file.data) : undefined
      const jws = readFileSync(file.signature, 'utf8')
      const wrong = await verifyByJose(jws, undefined, outside && (() => outside))
      return { accepted: wrong === '', summary: wrong }
    }),
}
