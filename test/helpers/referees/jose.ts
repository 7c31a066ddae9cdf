/**
 * jose, a JavaScript library of JSON Web Signatures: signature values, `crit`, `b64`. Blind to chains, to what JAdES
 * adds, and to documents outside, whose digests are compared here.
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
}

interface SigD {
  readonly pars: readonly string[]
  readonly hashM: string
  readonly hashV: readonly string[]
}

/** Documents outside, by their paths. */
export type Outside = (name: string) => Uint8Array

/**
 * Verifies every signature of a JWS by the first certificate of its own x5c.
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
      const header = decodeProtectedHeader(signature) as JWSHeaderParameters & { sigD?: SigD }
      const pem = `-----BEGIN CERTIFICATE-----\n${header.x5c?.[0]}\n-----END CERTIFICATE-----`
      const key = await importX509(pem, header.alg!)
      const verified = await flattenedVerify({ ...signature, payload: payload ?? '' }, key, {
        crit: { sigD: true },
      })
      if (header.sigD) assertOutside(header.sigD, outside)
      else if (content && !Buffer.from(verified.payload).equals(content))
        return 'another payload inside'
    }
    return ''
  } catch (error) {
    return String(error)
  }
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
