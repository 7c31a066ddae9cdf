/**
 * The matrix as a suite: tokens of SoftHSM2 behind the bridge as its own process, a software key for what they lack.
 * @module
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createPrivateKey } from 'node:crypto'
import path from 'node:path'
import WebSocket from 'ws'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getAlgorithm, webCryptoParameters } from '@trien/sdk/algorithms'
import { type Bridge, type WebSocketConstructor, connect } from '@trien/sdk/bridge'
import type { AlgorithmName, Signer, TimestampSource } from '@trien/sdk/types'
import { softwareSigner } from '@trien/sdk/webcrypto'
import { type BridgeProcess, startBridge } from './bridge-process.ts'
import * as matrix from './matrix.ts'
import type { IssuedKey, TestAuthority } from './pki.ts'
import { type Referee, type SignedFile, presentReferees } from './referees/index.ts'
import { signByOpenssl } from './referees/openssl-identity.ts'
import { root } from './referees/tool.ts'
import { type ScriptedPinentry, createScriptedPinentry } from './scripted-pinentry.ts'
import { type SoftHsm, canUseSoftHsm, createSoftHsm } from './softhsm.ts'

const RSA: readonly AlgorithmName[] = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']

/** Keys on the token. */
const TOKEN_KEYS = {
  'RSA-2048': RSA,
  'RSA-3072': RSA,
  'P-256': ['ES256'],
  'P-384': ['ES384'],
} as const
/** A curve that the matrix has no token for. */
const SOFTWARE_KEYS = { 'P-521': ['ES512'] } as const

/** Two hundred files and more, each judged by a program or two. */
const TIMEOUT_MS = 1_200_000

/** A portal's socket: what a browser adds by itself. */
class PortalSocket extends WebSocket {
  constructor(url: string, protocol: string) {
    super(url, protocol, { origin: 'http://localhost:8080' })
  }
}

/**
 * Declares the tests of the matrix.
 * @param name of the suite, and of the folder in out/ that keeps the signed files
 */
export function describeMatrix(name: string, wanted: readonly Referee[]): void {
  const referees = presentReferees(wanted)
  const cells = matrix.cellsOf({ ...TOKEN_KEYS, ...SOFTWARE_KEYS })
  const folder = path.join(root, 'out', name)
  let rulings: ReadonlyMap<string, readonly matrix.Ruling[]> = new Map()

  describe.runIf(canUseSoftHsm())(name, () => {
    let desk: Desk | undefined

    beforeAll(async () => {
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(folder, { recursive: true })
      desk = await openDesk()
      const signed: matrix.SignedCell[] = []
      for (const cell of cells) {
        const signer = await desk.signerFor(cell)
        const means = { signer, timestamp: desk.timestamp }
        signed.push({ ...cell, file: await matrix.signCell(cell, means, folder) })
      }
      const { authority } = desk.hsm
      rulings = await matrix.judgeCells(signed, {
        referees,
        caFile: authority.certificateFile,
        folder,
        makeControl: (algorithm) => makeControl(authority, algorithm, folder),
      })
      console.log(`\n${matrix.formatMatrix(rulings, referees)}\n`)
    }, TIMEOUT_MS)
    afterAll(() => desk?.close())

    test.each(cells.map((cell) => [matrix.nameOf(cell), cell] as const))('%s', (cellName, cell) => {
      const found = rulings.get(cellName) ?? []
      expect(matrix.disagreements(found)).toEqual([])
      const kind = cell.container.startsWith('PDF') ? 'pdf' : 'detached'
      expect(found.map(({ referee }) => referee)).toEqual(
        referees.filter(({ kinds }) => kinds.includes(kind)).map((referee) => referee.name),
      )
      const named = found.find(({ referee }) => referee === 'bouncycastle')
      if (named) expect(new Set(named.good.summary.split(' '))).toEqual(namesOf(cell.algorithm))
    })
  })
}

/** What BouncyCastle says of a file signed by an algorithm, each time: `digest OID/signature OID`. */
function namesOf(algorithm: AlgorithmName): Set<string> {
  const { digestOid, signatureOid } = getAlgorithm(algorithm)
  return new Set([`${digestOid}/${signatureOid}`])
}

/** An RSA signature by OpenSSL: the algorithms that referees may not know are all of RSA. */
async function makeControl(
  authority: TestAuthority,
  algorithm: AlgorithmName,
  folder: string,
): Promise<SignedFile> {
  const { keyFile: key, certificateFile: certificate } = authority.issue('RSA-2048', 'control')
  const data = path.join(folder, 'control.txt')
  const signature = path.join(folder, `control-${algorithm}.p7s`)
  writeFileSync(data, 'control')
  const identity = { key, certificate, caFile: authority.certificateFile }
  await signByOpenssl(identity, { data, out: signature, kind: 'detached', algorithm })
  return { kind: 'detached', signature, data }
}

/** Everything that signs. */
interface Desk {
  readonly hsm: SoftHsm
  readonly timestamp: TimestampSource
  signerFor(cell: matrix.Cell): Promise<Signer>
  close(): Promise<void>
}

async function openDesk(): Promise<Desk> {
  const hsm = createSoftHsm()
  const pinentry = createScriptedPinentry({ getpin: 'pin', pin: hsm.pin, confirm: 'ok' })
  const { keys } = hsm.addToken('matrix')
  const software = hsm.authority.issue('P-521', 'software')
  let process: BridgeProcess | undefined
  let bridge: Bridge | undefined
  const close = async (): Promise<void> => {
    bridge?.close()
    await process?.stop()
    pinentry.remove()
    hsm.close()
  }
  try {
    process = await startMatrixBridge(hsm, pinentry)
    bridge = connect({
      ports: [process.port],
      webSocket: PortalSocket as unknown as WebSocketConstructor,
    })
    await bridge.ready()
    const certificates = await bridge.listCertificates()
    const openBridge = bridge
    return {
      hsm,
      timestamp: hsm.authority.openTimestamps(),
      close,
      async signerFor({ key, algorithm }) {
        if (key === software.kind) return softwareSignerOf(software, algorithm, hsm)
        const issued = keys.find(({ kind }) => kind === key)!
        const listed = certificates.find(({ certificate }) =>
          Buffer.from(certificate).equals(issued.certificate),
        )
        if (listed === undefined) throw new Error(`the bridge does not list the ${key} certificate`)
        return openBridge.signer(listed)
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

function startMatrixBridge(hsm: SoftHsm, pinentry: ScriptedPinentry): Promise<BridgeProcess> {
  return startBridge({
    args: ['--module', hsm.modulePath, '--pinentry', pinentry.program],
    env: { ...hsm.env, ...pinentry.env },
  })
}

async function softwareSignerOf(
  key: IssuedKey,
  algorithm: AlgorithmName,
  hsm: SoftHsm,
): Promise<Signer> {
  const der = createPrivateKey(readFileSync(key.keyFile)).export({ type: 'pkcs8', format: 'der' })
  const privateKey = await crypto.subtle.importKey(
    'pkcs8',
    new Uint8Array(der),
    webCryptoParameters(getAlgorithm(algorithm)),
    false,
    ['sign'],
  )
  const { certificate } = key
  return softwareSigner({ privateKey, certificate, chain: [hsm.authority.certificate] })
}
