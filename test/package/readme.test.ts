import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type BridgeProcess, startBridge } from '../helpers/bridge-process.ts'
import { pdfsig } from '../helpers/referees/pdfsig.ts'
import { createScriptedPinentry } from '../helpers/scripted-pinentry.ts'
import { hasTools } from '../helpers/tools.ts'
import { readExample } from './documents/example.ts'
import { ROOT } from './walls/tracked-files.ts'

/** The names that the example leaves to the portal. */
interface Portal {
  button: { onclick?: () => Promise<void> }
  file: Blob
  offer: (signed: Blob) => void
  tell: (words: { sentence: string; remedy: string }) => void
}

describe('README’s example', () => {
  it('is short enough to be read', () => {
    const lines = readExample()
      .split('\n')
      .filter((line) => line.trim() !== '')
    expect(lines.length).toBeLessThanOrEqual(15)
  })

  describe.skipIf(!hasTools('pdfsig'))('run as it stands, against a real bridge', () => {
    const portal = globalThis as unknown as Portal & { WebSocket: unknown }
    const pinentry = createScriptedPinentry({ getpin: 'pin', pin: '123456', confirm: 'ok' })
    const browserSocket = portal.WebSocket
    mkdirSync(path.join(ROOT, 'test/out'), { recursive: true })
    const folder = mkdtempSync(path.join(ROOT, 'test/out/readme-'))
    const signed: Blob[] = []
    const told: { sentence: string; remedy: string }[] = []
    let bridge: BridgeProcess | undefined

    beforeAll(async () => {
      bridge = await startBridge({
        args: ['--demo', '--pinentry', pinentry.program],
        env: pinentry.env,
      })
      // What a browser adds: the page's Origin. And the port of this very bridge, for others may run on this machine.
      portal.WebSocket = class extends WebSocket {
        constructor(_url: string, protocol: string) {
          super(bridge?.url ?? '', protocol, { origin: 'http://localhost:8080' })
        }
      }
      const application = readFileSync(path.join(ROOT, 'packages/demo/sample/application.pdf'))
      portal.button = {}
      portal.file = new File([application], 'application.pdf', { type: 'application/pdf' })
      portal.offer = (pdf) => signed.push(pdf)
      portal.tell = (words) => told.push(words)
      const example = path.join(folder, 'example.js')
      writeFileSync(example, readExample())
      await import(example)
    })

    afterAll(async () => {
      portal.WebSocket = browserSocket
      await bridge?.stop()
      pinentry.remove()
      rmSync(folder, { recursive: true })
    })

    it('signs the PDF when the person agrees', async () => {
      await portal.button.onclick?.()
      expect(told).toEqual([])
      expect(signed).toHaveLength(1)
      const file = path.join(folder, 'signed.pdf')
      writeFileSync(file, new Uint8Array(await signed[0]!.arrayBuffer()))
      const [verdict] = await pdfsig.judge([{ kind: 'pdf', signature: file }], '')
      expect(verdict).toMatchObject({ accepted: true })
    })

    it('says in Vietnamese what happened when the person does not', async () => {
      pinentry.answer({ getpin: 'cancel', confirm: 'ok' })
      await portal.button.onclick?.()
      expect(signed).toHaveLength(1)
      expect(told).toMatchObject([{ sentence: 'Bạn đã hủy việc ký.' }])
    })
  })
})
