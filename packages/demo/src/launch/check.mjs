// The demo without a person: a browser that nobody sees clicks through the portal, a scripted prompt confirms, and
// other people's programs judge what comes out.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { startBridge } from './bridge-process.mjs'
import { launchChromium } from './chromium.mjs'
import { signInPortal } from './clicks.mjs'
import { loadPortal } from './demonstrate.mjs'
import { judgeCms, judgePdf } from './referees.mjs'

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url))
const OUT = path.join(ROOT, 'out', 'check')
const PINENTRY = path.join(ROOT, 'test', 'helpers', 'scripted-pinentry.mjs')
const NOTE = 'Trien ký cả tệp văn bản: chữ ký nằm trong tệp .p7s bên cạnh.\n'

/** Signs the sample PDF and a text file; sets the exit code by what the referees say. */
export async function check() {
  rmSync(OUT, { recursive: true, force: true })
  mkdirSync(OUT, { recursive: true })
  writeFileSync(path.join(OUT, 'note.txt'), NOTE)
  const { servePortal } = await loadPortal()
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-check-'))
  const ends = [() => rmSync(folder, { recursive: true, force: true })]
  try {
    const script = path.join(folder, 'pinentry.json')
    writeFileSync(script, '{}')
    const args = ['--demo', '--demo-ca', path.join(OUT, 'demo-ca.pem'), '--pinentry', PINENTRY]
    const bridge = await startBridge([...args, '--port', '0'], { TRIEN_SCRIPTED_PINENTRY: script })
    ends.unshift(() => bridge.stop())
    const portal = await servePortal({ port: 0, bridgePorts: [bridge.port] })
    ends.unshift(() => portal.close())
    const browser = await launchChromium()
    ends.unshift(() => browser.close())
    await signInPortal(browser, portal.url, OUT)
  } finally {
    for (const end of ends) await end()
  }
  process.exitCode = judge() ? 0 : 1
}

function judge() {
  const verdicts = [judgePdf(OUT), judgeCms(OUT)]
  for (const { command, output } of verdicts) console.log(`\n$ ${command}\n${output.trimEnd()}`)
  const isGood = verdicts.every(({ accepted }) => accepted)
  console.log(`\ncheck: ${isGood ? 'both accept' : 'REFUSED'}; files are in out/check/`)
  return isGood
}
