/**
 * A bridge with two tokens, one behind a driver that misbehaves on command and one behind a calm one; and beside it, as
 * a measure, a bridge with the calm kind alone.
 * @module
 */
import { fileURLToPath } from 'node:url'
import { type Bridge, type BridgeCertificate, connect } from '@trien/sdk/bridge'
import { signCms } from '@trien/sdk/cms'
import { NO_PIN_MEMORY } from '../../packages/bridge/src/pin-memory.ts'
import { createPrompt } from '../../packages/bridge/src/prompt/prompt.ts'
import { createPassingConsents } from '../../packages/bridge/src/server/consents.ts'
import { createDesk } from '../../packages/bridge/src/server/desk.ts'
import { createMethods } from '../../packages/bridge/src/server/methods.ts'
import { startServer } from '../../packages/bridge/src/server/serve.ts'
import {
  type ModuleSource,
  type ModuleSourceOptions,
  createModuleSource,
} from '../../packages/bridge/src/token/supervisor.ts'
import { pageSocket } from './page-socket.ts'
import { USER_PIN, createSoftHsm } from './softhsm.ts'
import { type TroubledModule, buildTroubledModule } from './troubled-module.ts'

const HOST = fileURLToPath(new URL('../../packages/bridge/dist/token-host.js', import.meta.url))
const DOCUMENT = new TextEncoder().encode('Công văn')
/** A hang costs the test as long as this, or six times what it takes to start a driver on a machine that is busy. */
const SHORTEST_MS = 1500

/** A page and the one token that it uses. */
export interface TokenUser {
  list(): Promise<unknown>
  sign(): Promise<unknown>
}

export interface TroubledBridge {
  readonly troubled: TroubledModule
  /** The module in trouble. */
  readonly source: ModuleSource
  /** Another source on the module in trouble, with a process of its own and the deadlines of a real bridge. */
  openSource(): ModuleSource
  /** Signs with the token in trouble. */
  readonly sufferer: TokenUser
  /** Uses the calm token of the same bridge. */
  readonly neighbour: TokenUser
  /** Uses the calm token of a bridge that has no other. */
  readonly stranger: TokenUser
  close(): Promise<void>
}

/** Starts both bridges, with a person who agrees to everything. */
export async function startTroubledBridge(): Promise<TroubledBridge> {
  const calm = createSoftHsm()
  calm.addToken('yen', ['P-256'])
  const behind = createSoftHsm()
  behind.addToken('loan', ['P-256'])
  const troubled = buildTroubledModule(behind.folder, behind.modulePath, behind.env.SOFTHSM2_CONF)
  const env = { ...calm.env, ...troubled.env }
  Object.assign(process.env, env)
  const opened: ModuleSource[] = []
  const open = (modulePath: string, more: Partial<ModuleSourceOptions> = {}): ModuleSource => {
    const source = createModuleSource({ modulePath, hostFile: HOST, ...more })
    opened.push(source)
    return source
  }
  const patienceMs = Math.max(SHORTEST_MS, 6 * (await measureStart(open(calm.modulePath))))
  const deadlines = { list: patienceMs, login: 100, sign: SHORTEST_MS }
  const source = open(troubled.modulePath, { deadlines })
  const bridge = await startBridge([source, open(calm.modulePath, { deadlines })])
  const measure = await startBridge([open(calm.modulePath, { deadlines })])
  return {
    troubled,
    source,
    openSource: () => open(troubled.modulePath),
    sufferer: await bridge.use('loan', 'https://portal.gov.test'),
    neighbour: await bridge.use('yen', 'https://other.gov.test'),
    stranger: await measure.use('yen', 'https://other.gov.test'),
    async close() {
      await Promise.all([bridge.close(), measure.close()])
      await Promise.all(opened.map((one) => one.close()))
      calm.close()
      behind.close()
      for (const name of Object.keys(env)) delete process.env[name]
    },
  }
}

/** A bridge in this process, its modules in theirs. */
async function startBridge(sources: readonly ModuleSource[]) {
  const desk = createDesk({
    sources,
    prompt: createPrompt({ confirm: async () => true, askSecret: async () => USER_PIN }),
    consents: createPassingConsents(),
    language: undefined,
    journal: undefined,
    pinMemory: NO_PIN_MEMORY,
    patience: { restMs: 100 },
  })
  const server = await startServer({ ports: [0], methods: createMethods(desk) })
  const pages: Bridge[] = []
  return {
    async use(label: string, origin: string): Promise<TokenUser> {
      const page = connect({ ports: [server.port], webSocket: pageSocket(origin) })
      pages.push(page)
      const certificate = await getCertificate(page, label)
      return {
        list: () => page.listCertificates(),
        sign: () => signCms(DOCUMENT, { signer: page.signer(certificate) }),
      }
    },
    async close(): Promise<void> {
      for (const page of pages) page.close()
      await server.close()
    },
  }
}

async function getCertificate(page: Bridge, label: string): Promise<BridgeCertificate> {
  const listed = await page.listCertificates()
  const found = listed.find(({ token }) => token.label === label)
  if (found === undefined) throw new Error(`${label} is not listed`)
  return found
}

/** Milliseconds from nothing to the first list. */
async function measureStart(source: ModuleSource): Promise<number> {
  const begun = performance.now()
  await source.listCertificates(new AbortController().signal)
  return performance.now() - begun
}
