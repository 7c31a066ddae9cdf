/**
 * Where the bridge listens: one port on 127.0.0.1 and ::1, nothing on any other interface.
 * @module
 */
import type { AddressInfo } from 'node:net'
import { type Credentials, type Ear, type EarOptions, createEar } from './ear.ts'

const TRIES_FOR_ANY_PORT = 20

/** An open ear. */
export interface Listening {
  readonly port: number
  /** Shows another certificate from now on, where it speaks TLS. */
  present(credentials: Credentials): void
  /** Closes every socket and resolves when the port is free. */
  close(): Promise<void>
}

/** Every port that was tried is taken. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError'
}

/**
 * Listens on the first port of the list that is free on both loopback addresses. Port 0 stands for any free one.
 * A machine without IPv6 is served on 127.0.0.1 alone; a port whose ::1 belongs to somebody else is not taken, for a
 * page that says `localhost` could reach that other.
 * @throws {PortTakenError}
 */
export async function listenOnLoopback(
  ports: readonly number[],
  options: EarOptions,
): Promise<Listening> {
  const tries = ports.flatMap((port) => (port === 0 ? Array<0>(TRIES_FOR_ANY_PORT).fill(0) : port))
  for (const port of tries) {
    const ears = await bindBoth(port, () => createEar(options))
    if (ears === undefined) continue
    return {
      port: portOf(ears[0]),
      present: (credentials) => {
        for (const ear of ears) ear.present(credentials)
      },
      close: async () => {
        await Promise.all(ears.map((ear) => ear.close()))
      },
    }
  }
  throw new PortTakenError(`no free port among ${ports.join(', ')}`)
}

async function bindBoth(port: number, create: () => Ear): Promise<[Ear, ...Ear[]] | undefined> {
  const four = await bind('127.0.0.1', port, create())
  if (typeof four === 'string') return undefined
  const six = await bind('::1', portOf(four), create())
  if (six === 'absent') return [four]
  if (six !== 'taken') return [four, six]
  await four.close()
  return undefined
}

function bind(host: string, port: number, ear: Ear): Promise<Ear | 'taken' | 'absent'> {
  return new Promise((resolve, reject) => {
    ear.server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve('taken')
      else if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') resolve('absent')
      else reject(error)
    })
    ear.server.listen({ host, port, exclusive: true, ipv6Only: true }, () => {
      resolve(ear)
    })
  })
}

function portOf({ server }: Ear): number {
  return (server.address() as AddressInfo).port
}
