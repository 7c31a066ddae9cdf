/**
 * Certificates on a token that have a key beside them.
 * @module
 */
import { X509Certificate, createHash } from 'node:crypto'
import pkcs11js from 'pkcs11js'
import { type KeyDescription, algorithmsForKey } from '@trien/sdk/algorithms'
import { encodeHex } from '@trien/sdk/bytes'
import { describeKey, findChain } from '../chain.ts'
import { chooseMechanisms } from '../mechanisms.ts'
import { dropRepeated } from '../identify.ts'
import type { SeenToken, TokenCertificate } from '../types.ts'
import { type Handle, type Module, findCkr } from './module.ts'
import { findAttribute, findObjects, readAttribute } from './objects.ts'
import { keepReadable } from './readable.ts'
import { readInSession } from './session.ts'
import { type TokenSlot, listSlots } from './slots.ts'

/** A certificate and where its key is to be found. */
export interface LocatedCertificate {
  readonly listed: TokenCertificate
  readonly slot: TokenSlot
  /** CKA_ID that certificate and key share. */
  readonly keyId: Uint8Array
}

interface StoredCertificate {
  readonly x509: X509Certificate
  readonly keyId: Uint8Array
}

/** Lists the certificates of all tokens. No PIN is needed: certificates are public objects. */
export async function locateCertificates(module: Module): Promise<readonly LocatedCertificate[]> {
  return keepReadable(listSlots(module), (slot) => readToken(module, slot))
}

/** Lists all tokens, those without a certificate too, and those that cannot be read. */
export async function describeTokens(module: Module): Promise<readonly SeenToken[]> {
  return listSlots(module).map((slot) => {
    const { token } = slot
    try {
      const listed = readToken(module, slot).map((located) => located.listed)
      return { token, certificates: dropRepeated(listed, (one) => one) }
    } catch (error) {
      const problem = findCkr(error)
      if (problem === undefined) throw error
      return { token, certificates: [], problem }
    }
  })
}

function readToken(module: Module, slot: TokenSlot): LocatedCertificate[] {
  return readInSession(module, slot.slot, (session) => readObjects(module, session, slot))
}

function readObjects(module: Module, session: Handle, slot: TokenSlot): LocatedCertificate[] {
  const stored = readCertificates(module, session)
  const candidates = stored.map(({ x509 }) => x509)
  const hasKey = findKeys(module, session)
  return stored
    .filter(({ x509, keyId }) => !x509.ca && hasKey(keyId))
    .flatMap(({ x509, keyId }) => {
      const listed = describeCertificate(x509, candidates, slot)
      return listed === undefined ? [] : [{ listed, slot, keyId }]
    })
}

/**
 * Tells which CKA_IDs have a key. Before login most tokens hide private keys, and a PIV card shows only the one that
 * wants no PIN: so public keys stand for the others. Where a token shows neither, every certificate that is no
 * authority's counts.
 */
function findKeys(module: Module, session: Handle): (keyId: Uint8Array) => boolean {
  const idsOf = (type: number) =>
    findObjects(module, session, [{ type: pkcs11js.CKA_CLASS, value: type }]).map((key) =>
      encodeHex(findAttribute(module, session, key, pkcs11js.CKA_ID) ?? new Uint8Array()),
    )
  const keys = [...idsOf(pkcs11js.CKO_PRIVATE_KEY), ...idsOf(pkcs11js.CKO_PUBLIC_KEY)]
  return (keyId) => keys.length === 0 || keys.includes(encodeHex(keyId))
}

function readCertificates(module: Module, session: Handle): StoredCertificate[] {
  const template = [{ type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_CERTIFICATE }]
  return keepReadable(findObjects(module, session, template), (object) => {
    const value = readAttribute(module, session, object, pkcs11js.CKA_VALUE)
    const x509 = value === undefined ? undefined : parseCertificate(value)
    if (x509 === undefined) return []
    const keyId = findAttribute(module, session, object, pkcs11js.CKA_ID) ?? new Uint8Array()
    return [{ x509, keyId }]
  })
}

/** A token may hold what is no X.509 certificate; that is not an error of the others. */
function parseCertificate(value: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(value)
  } catch {
    return undefined
  }
}

/** A key that this OpenSSL cannot read is none to sign with. */
function findKey(x509: X509Certificate): KeyDescription | undefined {
  try {
    return describeKey(x509.publicKey)
  } catch {
    return undefined
  }
}

function describeCertificate(
  x509: X509Certificate,
  candidates: readonly X509Certificate[],
  { token, mechanisms }: TokenSlot,
): TokenCertificate | undefined {
  const key = findKey(x509)
  if (key === undefined) return undefined
  const algorithms = algorithmsForKey(key).filter(
    (name) => chooseMechanisms(name, mechanisms).length > 0,
  )
  if (algorithms.length === 0) return undefined
  return {
    id: new Uint8Array(createHash('sha256').update(x509.raw).digest()),
    certificate: new Uint8Array(x509.raw),
    chain: findChain(x509, candidates).map(({ raw }) => new Uint8Array(raw)),
    algorithms,
    token,
  }
}
