/**
 * Batches through sdk, socket, bridge, prompt and token host to SoftHSM2: one PIN however many documents, and nothing lost
 * or signed twice by whatever ends a run.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type BatchItem, type SignedItem, signMany } from '@trien/sdk/batch'
import { type Bridge, connect } from '@trien/sdk/bridge'
import type { Signer } from '@trien/sdk/types'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type BridgeProcess, startBridge } from '../helpers/bridge-process.ts'
import { getChildProcess } from '../helpers/child-processes.ts'
import { codeOf } from '../helpers/code-of.ts'
import { WORD, zipOffice } from '../helpers/office-file.ts'
import { pageSocket } from '../helpers/page-socket.ts'
import { tableFile } from '../helpers/pdf-file.ts'
import { SYSTEM_REFEREES, type SignedFile, presentReferees } from '../helpers/referees/index.ts'
import { type ScriptedPinentry, createScriptedPinentry } from '../helpers/scripted-pinentry.ts'
import { type SoftHsm, canUseSoftHsm, createSoftHsm } from '../helpers/softhsm.ts'
import {
  type TroubledModule,
  buildTroubledModule,
  canBuildTroubledModule,
} from '../helpers/troubled-module.ts'

const PAGE = fileURLToPath(new URL('../helpers/batch-page.mjs', import.meta.url))
const CAN_RUN = canUseSoftHsm() && canBuildTroubledModule()
const FORMATS = ['cms', 'pdf', 'xml', 'json', 'asic', 'office'] as const
type Format = (typeof FORMATS)[number]
const text = (content: string) => new TextEncoder().encode(content)

const DOCUMENTS: Readonly<Record<Format, (name: string) => unknown>> = {
  cms: text,
  pdf: () => tableFile(),
  xml: (name) => text(`<hoSo><ten>${name}</ten></hoSo>`),
  json: (name) => text(JSON.stringify({ name })),
  asic: (name) => [{ name: 'đơn.txt', data: text(name), mediaType: 'text/plain' }],
  office: () => zipOffice(WORD),
}
const mixed = (count: number): BatchItem[] =>
  Array.from({ length: count }, (_, index) => {
    const format = FORMATS[index % FORMATS.length]!
    const id = `${format}-${index}`
    return { id, format, document: async () => DOCUMENTS[format](id) } as BatchItem
  })

describe.runIf(CAN_RUN)('a batch', () => {
  let hsm: SoftHsm
  let troubled: TroubledModule
  let pinentry: ScriptedPinentry
  let bridge: BridgeProcess
  let folder: string
  const pages: Bridge[] = []

  beforeAll(async () => {
    hsm = createSoftHsm()
    hsm.addToken('mot', ['P-256'])
    troubled = buildTroubledModule(hsm.folder, hsm.modulePath)
    pinentry = createScriptedPinentry()
    bridge = await startBridge({
      args: ['--module', troubled.modulePath, '--pinentry', pinentry.program],
      env: { ...hsm.env, ...troubled.env, ...pinentry.env, LC_ALL: 'C.UTF-8' },
    })
  })
  afterAll(async () => {
    await bridge?.stop()
    pinentry?.remove()
    hsm?.close()
  })
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'trien-batch-'))
    pinentry.answer({ pin: hsm.pin })
    await pinentry.clear()
    troubled.setTrouble(undefined)
  })
  afterEach(() => {
    pages.splice(0).forEach((page) => page.close())
    rmSync(folder, { recursive: true })
  })

  async function findSigner(): Promise<Signer> {
    const page = connect({ ports: [bridge.port], webSocket: pageSocket() })
    pages.push(page)
    const [certificate] = await page.listCertificates()
    return page.signer(certificate!)
  }
  const countPins = (): number =>
    pinentry.asked().filter(({ command }) => command === 'GETPIN').length

  function collect() {
    const handed: SignedItem[] = []
    return { handed, onSigned: (item: SignedItem) => void handed.push(item) }
  }
  function expectEachOnce(handed: readonly SignedItem[], items: readonly BatchItem[]): void {
    expect(handed.map(({ id }) => id).sort()).toEqual(items.map(({ id }) => id).sort())
  }

  /** What the referees need of one signed item. */
  function writeSample({ id, signed }: SignedItem): SignedFile {
    const signature = path.join(folder, id)
    writeFileSync(signature, signed as Uint8Array)
    const [format] = id.split('-') as [Format]
    const data = path.join(folder, `${id}.data`)
    writeFileSync(data, text(id))
    const kinds = {
      cms: { kind: 'detached', data },
      pdf: { kind: 'pdf' },
      xml: { kind: 'xades', tampered: signature },
      json: { kind: 'jades', tampered: signature },
      asic: { kind: 'asic-xades', tampered: signature },
      office: { kind: 'ooxml', tampered: signature },
    } as const
    return { signature, ...kinds[format] }
  }

  async function expectAccepted(handed: readonly SignedItem[]): Promise<void> {
    const files = handed.map(writeSample)
    const judged = new Set<string>()
    for (const referee of presentReferees(SYSTEM_REFEREES)) {
      const own = files.filter(({ kind }) => referee.kinds.includes(kind))
      const verdicts = await referee.judge(own, hsm.authority.certificateFile)
      expect(verdicts.filter(({ accepted }) => !accepted)).toEqual([])
      own.forEach(({ kind }) => judged.add(kind))
    }
    expect(judged.size).toBe(new Set(files.map(({ kind }) => kind)).size)
  }

  test('of 1,000 documents in all formats takes one PIN, and referees accept what comes of it', async () => {
    const items = mixed(1000)
    const { handed, onSigned } = collect()
    const report = await signMany(items, { signer: await findSigner(), onSigned })
    expect(report).toMatchObject({ done: 1000, failed: 0 })
    expect(countPins()).toBe(1)
    expect(pinentry.asked().at(-1)!.description).toContain('1000')
    expectEachOnce(handed, items)
    // The last ones too: they came in other messages than the first.
    const isSample = ({ id }: SignedItem): boolean => /-(\d|50\d|99\d)$/.test(id)
    await expectAccepted(handed.filter(isSample))
  }, 240_000)

  test('that is stopped in the middle goes on where it was', async () => {
    const items = mixed(300)
    const { handed, onSigned } = collect()
    const signer = await findSigner()
    const store = new Map()
    const stop = new AbortController()
    const stopping = signMany(items, {
      ...{ signer, store, signal: stop.signal },
      onSigned(item) {
        onSigned(item)
        if (handed.length === 40) stop.abort()
      },
    })
    expect(await codeOf(stopping)).toBe('USER_CANCELLED')
    expect(handed.length).toBeLessThan(300)
    expect(await signMany(items, { signer, store, onSigned })).toMatchObject({
      done: 300,
      failed: 0,
    })
    expectEachOnce(handed, items)
    expect(countPins()).toBeLessThanOrEqual(2)
  }, 120_000)

  test.each([
    ['whose token is pulled out', 'TOKEN_REMOVED', () => troubled.setTrouble('removed')],
    [
      'whose driver’s process is killed',
      'TOKEN_DRIVER_CRASHED',
      () => process.kill(getChildProcess(bridge.pid, 'token-host.js'), 'SIGKILL'),
    ],
  ])(
    '%s keeps what was signed',
    async (_, code, spoil) => {
      const items = mixed(300)
      const { handed, onSigned } = collect()
      const signer = await findSigner()
      const store = new Map()
      // So that there is a middle: SoftHSM2 is done with all in no time.
      troubled.setTrouble('C_Sign slow 20')
      let signed = 0
      const onProgress = ({ step }: { step: string }): void => {
        if (step === 'signed' && ++signed === 30) spoil()
      }
      const failing = signMany(items, { signer, store, onSigned, onProgress })
      expect(await codeOf(failing)).toBe(code)
      expect(signed).toBeGreaterThanOrEqual(30)
      expect(signed).toBeLessThan(300)
      expect(handed).toHaveLength(signed)
      troubled.setTrouble(undefined)
      expect(await signMany(items, { signer, store, onSigned })).toMatchObject({ done: 300 })
      expectEachOnce(handed, items)
      expect(countPins()).toBe(2)
    },
    120_000,
  )

  test('whose page is killed in the middle goes on in another, with no signature twice', async () => {
    const COUNT = 200
    // Lists once, so that every prompt below is a PIN.
    await findSigner()
    troubled.setTrouble('C_Sign slow 20')
    const begun = startPage(COUNT)
    await begun.untilSigned(60)
    begun.child.kill('SIGKILL')
    await begun.ended
    const kept = readdirSync(path.join(folder, 'records')).map(
      (name) => JSON.parse(readFileSync(path.join(folder, 'records', name), 'utf8')) as object,
    )
    const hasValue = kept.filter(
      (record) => 'signatureValue' in record || record['step' as never] === 'done',
    )
    expect(hasValue.length).toBeGreaterThanOrEqual(60)
    expect(hasValue.length).toBeLessThan(COUNT)
    troubled.setTrouble(undefined)
    const { ended, lines } = startPage(COUNT)
    await ended
    expect(JSON.parse(lines.at(-1)!)).toEqual({ done: COUNT, failed: 0 })
    // The token was asked for those alone whose value was nowhere.
    expect(lines.filter((line) => line === 'signed')).toHaveLength(COUNT - hasValue.length)
    const byId = new Map<string, Set<string>>()
    for (const line of readFileSync(path.join(folder, 'handed'), 'utf8').trimEnd().split('\n')) {
      const [id = '', signed = ''] = line.split(' ')
      byId.set(id, (byId.get(id) ?? new Set()).add(signed))
    }
    expect(byId.size).toBe(COUNT)
    // ECDSA: who had signed twice would have handed over another signature.
    expect([...byId.values()].every(({ size }) => size === 1)).toBe(true)
    expect(countPins()).toBe(2)
  }, 120_000)

  function startPage(count: number) {
    const child = spawn(process.execPath, [PAGE, `${bridge.port}`, folder, `${count}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines: string[] = []
    const waiting = new Set<() => void>()
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line)
      waiting.forEach((look) => look())
    })
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
    const untilSigned = (wanted: number): Promise<void> =>
      new Promise((resolve) => {
        waiting.add(() => lines.length >= wanted && resolve())
      })
    return { child, lines, ended, untilSigned }
  }
})
