/**
 * A desk where somebody signs in the demo portal: a browser, a bridge with its demo token, and the person who answers its
 * dialogs.
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'puppeteer'
import { type BridgeProcess, startBridge } from './bridge-process.ts'
import { launchChromium } from './chromium.ts'
import { type ScriptedPinentry, createScriptedPinentry } from './scripted-pinentry.ts'

export interface DemoDesk {
  readonly browser: Browser
  readonly pinentry: ScriptedPinentry
  readonly bridge: BridgeProcess
  /** Makes a file for the person, gone with the desk. @returns its path */
  write(name: string, content: string | Uint8Array): string
  /** PEM of the authority that issued the demo token's certificates. */
  readonly caFile: string
  /** Starts another bridge for the same person. */
  serve(...more: readonly string[]): Promise<BridgeProcess>
  close(): Promise<void>
}

export async function openDemoDesk(): Promise<DemoDesk> {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-demo-'))
  const caFile = path.join(folder, 'ca.pem')
  const pinentry = createScriptedPinentry()
  const serve = (...more: readonly string[]): Promise<BridgeProcess> =>
    startBridge({ args: ['--demo', '--pinentry', pinentry.program, ...more], env: pinentry.env })
  const write = (name: string, content: string | Uint8Array): string => {
    const file = path.join(folder, name)
    writeFileSync(file, content)
    return file
  }
  const browser = await launchChromium()
  const bridge = await serve('--demo-ca', caFile)
  return {
    ...{ browser, pinentry, bridge, write, caFile, serve },
    async close() {
      await browser.close()
      await bridge.stop()
      pinentry.remove()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
