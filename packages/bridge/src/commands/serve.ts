/**
 * `trien-bridge serve`: runs until SIGINT, SIGTERM or SIGHUP.
 * @module
 */
import { PERSON_TIMEOUT_MS } from '@trien/sdk/wire'
import { type ServeConfig, parseServeArguments } from '../config.ts'
import { CommandFailure } from '../failure.ts'
import { openIdentity } from '../identity.ts'
import { createJournal } from '../journal/journal.ts'
import { log, logFailure } from '../log.ts'
import { NO_PIN_MEMORY, createPinMemory } from '../pin-memory.ts'
import { NO_PIN_TURN, createPinTurn } from '../pin-turn.ts'
import { choosePrompt } from '../prompt/choose.ts'
import { createPageFace } from '../prompt/page.ts'
import { createLastingConsents, createPassingConsents } from '../server/consents.ts'
import { createDesk } from '../server/desk.ts'
import { PortTakenError } from '../server/listen.ts'
import { createMethods } from '../server/methods.ts'
import { createOwnIdentity } from '../server/own-identity.ts'
import { type ServeOptions, type Serving, startServer } from '../server/serve.ts'
import { describePlace } from '../settings/place.ts'
import { readSettings } from '../settings/settings.ts'
import { createTokenWatch } from '../server/token-watch.ts'
import { findStateFolder, openStateFolder } from '../state-folder.ts'
import type { TokenSource } from '../token/types.ts'
import { openOwnConsents } from './origins.ts'
import { openSources } from './sources.ts'
import { prepareSecureEar } from './secure-ear.ts'

const NO_PROMPT_HINT =
  'install a pinentry (apt install pinentry-gtk2), or run trien-bridge serve in a terminal'

/** @throws {CommandFailure} */
export async function serve(args: readonly string[]): Promise<void> {
  const config = parseServeArguments(args)
  const stopped = untilStopped()
  const sources = await openSources(config)
  try {
    const server = await startOn(config, sources)
    if (server.securePort !== undefined) log(`listens on wss://127.0.0.1:${server.securePort}/v1`)
    log(`ready on ws://127.0.0.1:${server.port}/v1`)
    await stopped
    log('stopping')
    await server.close()
  } finally {
    await Promise.all(sources.map((source) => source.close()))
  }
}

async function startOn(config: ServeConfig, sources: readonly TokenSource[]): Promise<Serving> {
  const isDemoAlone = config.demo && config.modules.length === 0
  let port = 0
  const page = createPageFace(() => port)
  const { prompt, way } = await choosePrompt({
    pinentry: config.pinentry,
    env: process.env,
    platform: process.platform,
    // A page may ask for the PIN of the embedded token and of no other.
    page: isDemoAlone ? page.face : undefined,
  })
  if (way === undefined) logFailure('has no way to ask for consent or PIN', NO_PROMPT_HINT)
  else log(`asks through ${way}`)
  // A throw-away token leaves no trace on the machine.
  const consents = config.demo ? createPassingConsents() : createLastingConsents(openOwnConsents())
  // What the embedded token signs is worth nothing, and would hide what is.
  const journal = isDemoAlone ? undefined : createJournal(findStateFolder)
  const settings = readSettings(describePlace())
  const pinMemory = isDemoAlone ? NO_PIN_MEMORY : createPinMemory(findStateFolder)
  const pinTurn = isDemoAlone ? NO_PIN_TURN : createPinTurn(findStateFolder, PERSON_TIMEOUT_MS)
  // A page must not come to know what is gone tomorrow.
  const identity = isDemoAlone
    ? undefined
    : createOwnIdentity(() => openIdentity(openStateFolder()))
  const { digestOrigins } = settings
  for (const origin of digestOrigins) log(`${origin} may have bare digests signed`)
  const { language } = config
  const kept = { consents, journal, pinMemory, pinTurn, identity }
  const desk = createDesk({ sources, prompt, language, relay: settings, digestOrigins, ...kept })
  const secure = config.securePorts && (await prepareSecureEar(config.securePorts))
  const server = await startOrExplain({
    ports: config.ports,
    methods: createMethods(desk),
    servePage: page.serve,
    onPage: createTokenWatch(desk).enter,
    secure: secure?.ear,
  })
  secure?.keepFresh(server)
  port = server.port
  return server
}

async function startOrExplain(options: ServeOptions): Promise<Serving> {
  try {
    return await startServer(options)
  } catch (error) {
    if (!(error instanceof PortTakenError)) throw error
    throw new CommandFailure(
      error.message,
      'another bridge may be running; stop it, or choose a port: trien-bridge serve --port 27500',
      { cause: error },
    )
  }
}

/** Resolves at the first signal; the second one ends the process at once. */
function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        resolve()
      })
    }
  })
}
