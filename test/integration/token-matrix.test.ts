/**
 * Every PKCS#11 module that can be had without hardware, through the same bridge: what is listed, what each key signs by
 * each algorithm, what a wrong PIN does. Ends with a matrix of it.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bridge, type BridgeCertificate, connect } from '@trien/sdk/bridge'
import { equalBytes } from '@trien/sdk/bytes'
import { completeCms, prepareCms, signCms } from '@trien/sdk/cms'
import { isSigningError } from '@trien/sdk/errors'
import type { AlgorithmName } from '@trien/sdk/types'
import { chooseMechanisms } from '../../packages/bridge/src/token/mechanisms.ts'
import { type BridgeProcess, startBridge } from '../helpers/bridge-process.ts'
import { pageSocket } from '../helpers/page-socket.ts'
import type { IssuedKey } from '../helpers/pki.ts'
import { openssl } from '../helpers/referees/openssl.ts'
import { type ScriptedPinentry, createScriptedPinentry } from '../helpers/scripted-pinentry.ts'
import { type TokenRig, runInside } from '../helpers/token-rig.ts'
import { RIG_KINDS } from '../helpers/token-rigs.ts'

const FACTS = fileURLToPath(new URL('../helpers/module-facts.mjs', import.meta.url))
const DOCUMENT = new TextEncoder().encode('Quyết định về việc giao chỉ tiêu năm 2026')
const WRONG_PIN = '111111'

/** How many signatures by the first algorithm are timed. */
const TIMED = 9
/** Of `signs`, the number is that of the mechanism which the token offers for the algorithm, hexadecimal. */
const HEAD = ['module', 'library', 'key', 'signs', 'list ms', 'sign ms']

const matrix: string[][] = []
afterAll(() => {
  const rows = [HEAD, ...matrix]
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const lines = rows.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column]!)).join('  '),
  )
  console.log(`tokens through the bridge; openssl accepts every signature\n\n${lines.join('\n')}`)
})

describe.each(RIG_KINDS)('$name', ({ name, canUse, create, wrongPins, showsLock }) => {
  describe.runIf(canUse())('through the bridge', () => {
    let rig: TokenRig
    let folder: string
    let pinentry: ScriptedPinentry
    let bridge: BridgeProcess
    let page: Bridge

    beforeAll(async () => {
      rig = await create()
      folder = mkdtempSync(path.join(tmpdir(), 'trien-matrix-'))
      pinentry = createScriptedPinentry({ pin: rig.pin })
      bridge = await startBridge({
        args: ['--module', rig.modulePath, '--pinentry', pinentry.program],
        env: {
          ...rig.env,
          ...pinentry.env,
          XDG_CONFIG_HOME: writeSettings(folder, rig),
          LC_ALL: 'C.UTF-8',
        },
        inside: rig.inside,
      })
      page = connect({ ports: [bridge.port], webSocket: pageSocket() })
    }, 60_000)
    afterAll(async () => {
      page?.close()
      await bridge?.stop()
      pinentry?.remove()
      await rig?.close()
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    })

    async function findListed({ certificate }: IssuedKey): Promise<BridgeCertificate> {
      const listed = await page.listCertificates()
      const found = listed.find((one) => equalBytes(one.certificate, certificate))
      if (found === undefined) throw new Error('not listed')
      return found
    }

    /** Signs by every algorithm in one run, and a few times more by the first for the time that it takes. */
    async function signAll(listed: BridgeCertificate) {
      const { certificate, chain, algorithms } = listed
      const wishes = [...algorithms, ...Array<AlgorithmName>(TIMED).fill(algorithms[0]!)]
      const prepared = await Promise.all(
        wishes.map((algorithm) =>
          prepareCms(DOCUMENT, { certificate, chain, algorithm, detached: false }),
        ),
      )
      const times: number[] = []
      const onSigned = () => void times.push(performance.now())
      const values = await page.signer(listed).sign(prepared, { onSigned })
      const data = path.join(folder, 'document')
      writeFileSync(data, DOCUMENT)
      const files = await Promise.all(
        algorithms.map(async (algorithm, index) => {
          const signature = path.join(folder, `${algorithm}.p7s`)
          writeFileSync(signature, await completeCms(prepared[index]!, values[index]!))
          return { kind: 'attached', signature, data } as const
        }),
      )
      return { files, signMs: meanGap(times.slice(-TIMED - 1)).toFixed(1) }
    }

    const failureOf = (signing: Promise<unknown>): Promise<unknown> =>
      signing.then(
        () => 'signed',
        (error: unknown) =>
          isSigningError(error) ? [error.code, error.details['remaining']] : error,
      )

    test('lists each key’s certificate, and asks no PIN', async () => {
      const listed = await page.listCertificates()
      expect(listed).toHaveLength(rig.keys.length)
      for (const key of rig.keys) expect((await findListed(key)).algorithms).not.toEqual([])
      expect(pinentry.asked().filter(({ command }) => command === 'GETPIN')).toEqual([])
    })

    test('signs with each key by each algorithm what openssl accepts', async () => {
      const { library, mechanisms } = await readFacts(rig)
      for (const key of rig.keys) {
        const begun = performance.now()
        const listed = await findListed(key)
        const listMs = performance.now() - begun
        const { files, signMs } = await signAll(listed)
        const verdicts = await openssl.judge(files, rig.authority.certificateFile)
        expect(verdicts).toHaveLength(listed.algorithms.length)
        expect(verdicts.filter(({ accepted }) => !accepted)).toEqual([])
        const signs = listed.algorithms.map((algorithm) => {
          const [preferred] = chooseMechanisms(algorithm, new Set(mechanisms))
          return `${algorithm} ${preferred?.type.toString(16)}`
        })
        matrix.push([name, library, key.kind, signs.join(', '), listMs.toFixed(0), signMs])
      }
    })

    test('tells of wrong PINs what the token tells, and asks nobody once it is locked', async () => {
      const [key] = rig.keys
      const sign = async () => signCms(DOCUMENT, { signer: page.signer(await findListed(key!)) })
      pinentry.answer({ pin: WRONG_PIN })
      const told = []
      while (told.length < wrongPins.length) told.push(await failureOf(sign()))
      expect(told).toEqual(
        wrongPins.map((left) =>
          left === 'locked' ? ['TOKEN_PIN_LOCKED', undefined] : ['TOKEN_PIN_INCORRECT', left],
        ),
      )
      pinentry.answer({ pin: rig.pin })
      const asked = pinentry.asked().length
      const isLocked = wrongPins.at(-1) === 'locked'
      const last = await failureOf(sign())
      expect(last).toEqual(isLocked ? ['TOKEN_PIN_LOCKED', undefined] : 'signed')
      if (isLocked && showsLock) expect(pinentry.asked()).toHaveLength(asked)
    })
  })
})

const meanGap = (times: readonly number[]): number =>
  (times.at(-1)! - times[0]!) / (times.length - 1)

/** The folder of settings that names the module's parameters, for this bridge alone. */
function writeSettings(folder: string, { modulePath, parameters }: TokenRig): string {
  const settings = path.join(folder, 'settings')
  mkdirSync(path.join(settings, 'trien'), { recursive: true, mode: 0o755 })
  const modules = parameters === undefined ? [] : [{ path: modulePath, parameters }]
  writeFileSync(path.join(settings, 'trien', 'bridge.json'), JSON.stringify({ modules }))
  return settings
}

async function readFacts(rig: TokenRig): Promise<{ library: string; mechanisms: number[] }> {
  const more = rig.parameters === undefined ? [] : [rig.parameters]
  const facts = await runInside(rig, [process.execPath, FACTS, rig.modulePath, ...more])
  return JSON.parse(facts) as { library: string; mechanisms: number[] }
}
