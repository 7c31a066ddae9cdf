/** The bridge as a person at a terminal meets it. */
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { ModuleReport } from '../../packages/bridge/src/commands/tokens/report.ts'
import { runBridge, startBridge } from '../helpers/bridge-process.ts'
import { canUseSoftHsm, createSoftHsm } from '../helpers/softhsm.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** Takes a port on one address; port 0 for any. */
async function squat(host: string, port = 0): Promise<number> {
  const server = createServer((socket) => socket.destroy())
  server.listen({ host, port, exclusive: true, ipv6Only: true })
  await once(server, 'listening')
  cleanups.push(() => server.close())
  return (server.address() as { port: number }).port
}

describe('without a verb', () => {
  it('shows examples and fails', async () => {
    const { code, stdout, stderr } = await runBridge([])
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^usage:\n {4}trien-bridge serve/)
  })

  it('shows help and the version on stdout', async () => {
    expect(await runBridge(['--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--pinentry PROGRAM'),
    })
    expect(await runBridge(['--version'])).toMatchObject({ code: 0, stdout: '0.1.0\n' })
  })

  it('tells of one command alone, asked either way', async () => {
    for (const args of [
      ['help', 'journal'],
      ['journal', '--help'],
      ['journal', 'verify', '-h'],
    ]) {
      const { code, stdout } = await runBridge(args)
      expect(code).toBe(0)
      expect(stdout).toMatch(/^usage:\n {4}trien-bridge journal\n/)
      expect(stdout).not.toContain('--pinentry')
    }
    expect(await runBridge(['help', 'sign'])).toMatchObject({ code: 1, stdout: '' })
  })

  it.each([[['sign']], [['serve', '--x']], [['serve', '--port', 'http']], [['tokens', '--x']]])(
    'fails in one line and one hint: %s',
    async (args) => {
      const { code, stderr } = await runBridge(args)
      expect(code).toBe(1)
      expect(stderr).toMatch(/^trien-bridge: [^\n]+\nhint: trien-bridge [^\n]+\n$/)
    },
  )
})

describe('serve', () => {
  it('says that its port is taken', async () => {
    const port = await squat('127.0.0.1')
    const { code, stderr } = await runBridge(['serve', '--port', String(port)])
    expect(code).toBe(1)
    expect(stderr).toMatch(/trien-bridge: no free port among \d+\nhint: /)
  })

  it('takes no port whose ::1 belongs to somebody else', async (context) => {
    const port = await squat('::1').catch(() => context.skip('this machine has no ::1'))
    const { code, stderr } = await runBridge(['serve', '--port', String(port)])
    expect(code).toBe(1)
    expect(stderr).toContain('no free port')
  })

  it('says it is ready exactly once, and ends cleanly at each signal', async () => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      const bridge = await startBridge()
      expect(bridge.stderr().match(/ready on/g)).toHaveLength(1)
      expect(await bridge.stop(signal)).toBe(0)
    }
  })
})

describe('tokens', () => {
  it.runIf(canUseSoftHsm())('lists what a module has, for people and as JSON', async () => {
    const hsm = createSoftHsm()
    cleanups.push(() => hsm.close())
    hsm.addToken('Văn thư')
    const args = ['tokens', '--module', hsm.modulePath]
    const people = await runBridge(args, hsm.env)
    expect(people).toMatchObject({ code: 0, stderr: '' })
    expect(people.stdout).toContain('Văn thư')
    const json = await runBridge([...args, '--json'], hsm.env)
    const [report, ...others] = JSON.parse(json.stdout) as ModuleReport[]
    expect(others).toEqual([])
    expect(report).toMatchObject({
      module: hsm.modulePath,
      origin: 'command line',
      failure: null,
      tokens: [{ label: 'Văn thư', pin: 'ok', keypad: false }],
    })
    const certificates = report?.tokens[0]?.certificates ?? []
    expect(certificates).toHaveLength(4)
    expect(people.stdout.match(/^ {6}signs/gm)).toHaveLength(certificates.length)
  })

  it.runIf(canUseSoftHsm())('shows a token that has no certificate yet', async () => {
    const hsm = createSoftHsm()
    cleanups.push(() => hsm.close())
    hsm.addToken('Mới', [])
    const { code, stdout } = await runBridge(['tokens', '--module', hsm.modulePath], hsm.env)
    expect(code).toBe(0)
    expect(stdout).toMatch(
      / {2}token Mới, number \w+, PIN ok\n {4}no certificate with a private key/,
    )
  })

  it('says why a file is no module, and what to do, and fails', async () => {
    const { code, stdout, stderr } = await runBridge(['tokens', '--module', process.execPath])
    expect(code).toBe(1)
    expect(stderr).toBe('')
    expect(stdout).toMatch(/ \(command line\)\n {2}(?:is|has) [^\n]+\n {2}hint: [^\n]+\n$/)
  })

  it('refuses a settings file with a mistake, and names both', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'trien-settings-'))
    cleanups.push(() => rmSync(folder, { recursive: true }))
    mkdirSync(path.join(folder, 'trien'), { mode: 0o700 })
    const file = path.join(folder, 'trien', 'bridge.json')
    writeFileSync(file, '{"modules": ["libtoken.so"]}', { mode: 0o600 })
    for (const verb of ['tokens', 'serve']) {
      const { code, stderr } = await runBridge([verb], { XDG_CONFIG_HOME: folder })
      expect(code).toBe(1)
      expect(stderr).toContain(`trien-bridge: ${file}: "modules" holds "libtoken.so"`)
      expect(stderr).toMatch(/\nhint: write it like this: [^\n]+\n$/)
    }
  })
})
