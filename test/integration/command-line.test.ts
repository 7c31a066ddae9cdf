/** The bridge as a person at a terminal meets it. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
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

  it.each([[['sign']], [['serve', '--x']], [['serve', '--port', 'http']], [['tokens']]])(
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
    const rows = JSON.parse(json.stdout) as { token: string; algorithms: string[] }[]
    expect(rows.length).toBeGreaterThan(0)
    expect(rows[0]).toMatchObject({ token: 'Văn thư', pin: 'ok', module: hsm.modulePath })
    expect(people.stdout.match(/^ {2}signs/gm)).toHaveLength(rows.length)
  })

  it('fails with a hint where the file is no module', async () => {
    const { code, stdout, stderr } = await runBridge(['tokens', '--module', process.execPath])
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/no module could be read\nhint: trien-bridge tokens/)
  })
})
