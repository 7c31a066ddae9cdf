/**
 * A page without a browser: the SDK's own connection in this process, which changes its mind, goes away and comes back.
 * @module
 */
import { X509Certificate, verify } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bridge, type BridgeCertificate, connect } from '@trien/sdk/bridge'
import { type PreparedCms, completeCms, prepareCms } from '@trien/sdk/cms'
import { isSigningError } from '@trien/sdk/errors'
import { pageSocket } from '../helpers/page-socket.ts'
import type { SignedFile } from '../helpers/referees/index.ts'
import type { Ledger } from './ledger.ts'
import type { Chance } from './random.ts'
import type { World } from './world.ts'

/** What a page needs to know. */
export interface NodePageOptions {
  readonly name: string
  readonly world: World
  readonly ledger: Ledger
  readonly chance: Chance
  /** Where the samples for a referee go. */
  readonly folder: string
  readonly samples: SignedFile[]
}

const POOL = 256
const DATA = new TextEncoder().encode('Phiếu lĩnh vật tư')
/** An answer that takes longer is none. */
const PATIENCE_MS = 120_000

/** Asks again and again until there are enough signatures. */
export async function playNodePage(
  options: NodePageOptions,
  isEnough: () => boolean,
): Promise<void> {
  const { name, world, ledger, chance } = options
  const open = (): Bridge =>
    connect({ ports: [world.port], webSocket: pageSocket(`https://${name}.gov.test`) })
  let page = open()
  const certificate = await getCertificate(page, world)
  const pool = await Promise.all(
    Array.from({ length: POOL }, () =>
      prepareCms(DATA, { certificate: certificate.certificate, algorithm: 'ES256' }),
    ),
  )
  const { publicKey } = new X509Certificate(certificate.certificate)
  for (let round = 0; !isEnough(); round++) {
    await world.ready()
    const run = `${name}-${round}`
    const count = chance.percent(60) ? POOL : chance.between(1, POOL)
    const requests = pool
      .slice(0, count)
      .map((one, index) => ({ ...one, document: { ...one.document, name: `${run}-${index}` } }))
    const controller = new AbortController()
    let isLeft = false
    const leave = chooseEnd(chance, controller, () => {
      isLeft = true
      page.close()
    })
    let arrived = 0
    const signing = page.signer(certificate).sign(requests, {
      signal: controller.signal,
      onSigned: (done) => (arrived = done),
    })
    try {
      const values = await inTime(signing, run)
      values.forEach((value, index) => assertGood(publicKey, pool[index]!, value))
      await keepSample(options, run, requests[0]!, values[0]!)
      ledger.add({ name: run, asked: count, arrived, code: undefined })
    } catch (error) {
      if (!isSigningError(error)) throw error
      ledger.add({ name: run, asked: count, arrived, code: error.code })
    } finally {
      clearTimeout(leave)
    }
    if (isLeft) page = open()
  }
  page.close()
}

/** Most requests are let be; some are cancelled, of some the page goes away. */
function chooseEnd(
  chance: Chance,
  controller: AbortController,
  close: () => void,
): NodeJS.Timeout | undefined {
  const afterMs = chance.between(0, 500)
  if (chance.percent(12)) return setTimeout(() => controller.abort(), afterMs)
  return chance.percent(10) ? setTimeout(close, afterMs) : undefined
}

/** A disaster may come in between: a person would look again. */
async function getCertificate(page: Bridge, world: World): Promise<BridgeCertificate> {
  for (let tries = 0; ; tries++) {
    await world.ready()
    try {
      const [certificate] = await page.listCertificates()
      if (certificate !== undefined) return certificate
    } catch (error) {
      if (!isSigningError(error) || tries > 100) throw error
    }
    await sleep(100)
  }
}

async function inTime<T>(work: Promise<T>, name: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${name} was never answered`)), PATIENCE_MS)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function assertGood(
  key: X509Certificate['publicKey'],
  { toBeSigned }: PreparedCms,
  value: Uint8Array,
): void {
  if (verify('SHA-256', toBeSigned, { key, dsaEncoding: 'ieee-p1363' }, value)) return
  throw new Error('a signature that does not verify')
}

/** One of each run, for somebody else to judge. */
async function keepSample(
  { folder, samples }: NodePageOptions,
  run: string,
  prepared: PreparedCms,
  value: Uint8Array,
): Promise<void> {
  const data = path.join(folder, 'data')
  writeFileSync(data, DATA)
  const signature = path.join(folder, `${run}.p7s`)
  writeFileSync(signature, await completeCms(prepared, value as Uint8Array<ArrayBuffer>))
  samples.push({ kind: 'detached', signature, data })
}
