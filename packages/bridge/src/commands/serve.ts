/**
 * `trien-bridge serve`: runs until SIGINT, SIGTERM or SIGHUP.
 * @module
 */
import { hello } from '@trien/sdk/wire'
import { parseServeArguments } from '../config.ts'
import { CommandFailure } from '../failure.ts'
import { log } from '../log.ts'
import { defineMethod } from '../server/call.ts'
import { handleHello } from '../server/handlers/hello.ts'
import { type Listening, PortTakenError } from '../server/listen.ts'
import { startServer } from '../server/serve.ts'

/** @throws {CommandFailure} */
export async function serve(args: readonly string[]): Promise<void> {
  const config = parseServeArguments(args)
  const server = await startOrExplain(config.ports)
  const stopped = untilStopped()
  log(`ready on ws://127.0.0.1:${server.port}/v1`)
  await stopped
  await server.close()
}

async function startOrExplain(ports: readonly number[]): Promise<Listening> {
  try {
    return await startServer({ ports, methods: [defineMethod(hello, handleHello)] })
  } catch (error) {
    if (!(error instanceof PortTakenError)) throw error
    throw new CommandFailure(
      error.message,
      'another bridge may be running; stop it, or choose a port: trien-bridge serve --port 27480',
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
