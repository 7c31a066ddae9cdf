/**
 * Whose program is at the other end of a loopback connection. Loopback is shared by all who use a machine; on Linux the
 * kernel lists every socket with its owner, so that another person's can be told from ours.
 * @module
 */
import { type FileHandle, open } from 'node:fs/promises'
import { SocketAddress } from 'node:net'
import { endianness } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

/** A user's number; `unlisted` where Linux does not name the socket; `unknown` where the system has no such list. */
export type PeerUid = number | 'unlisted' | 'unknown'

/** Both ends of a connection, as the bridge sees them. */
export interface SocketEnds {
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
  readonly localAddress?: string | undefined
  readonly localPort?: number | undefined
}

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'] as const
/** Some 100,000 sockets; a list beyond that is not read to its end, and what is not found is refused. */
const MAX_TABLE_BYTES = 16 << 20
const CHUNK_BYTES = 64 << 10
/** The kernel lists while sockets come and go, so a row can be missed once. */
const TRIES = 2
const RETRY_MS = 50
/** TCP_ESTABLISHED. A socket that its program has closed is listed as root's, whoever had it. */
const ESTABLISHED = '01'
/** Both ports, so that most rows need no closer look. */
const PORTS_OF_ROW = /^ *\d+: [\dA-F]+:([\dA-F]{4}) [\dA-F]+:([\dA-F]{4}) /
const MAPPED = '::ffff:'

/** Reads who owns the peer's end of a connection; `unlisted` also where two rows contradict each other. */
export type PeerReader = (ends: SocketEnds) => Promise<PeerUid>

/** One connection that waits for a reading, and the owners that were found for it. */
interface Lookup {
  readonly ends: SocketEnds
  readonly found: Set<number>
  readonly resolve: () => void
}

/** Makes a reader. However many connect at once, the lists are read once for all that wait. */
export function createPeerReader(platform: NodeJS.Platform = process.platform): PeerReader {
  let waiting: Lookup[] = []
  let isReading = false

  async function readForAll(): Promise<void> {
    isReading = true
    while (waiting.length > 0) {
      const lookups = waiting
      waiting = []
      // A list that breaks off names nobody.
      await readTables(lookups).catch(() => undefined)
      for (const { resolve } of lookups) resolve()
    }
    isReading = false
  }

  async function findOwners(ends: SocketEnds): Promise<ReadonlySet<number>> {
    const found = new Set<number>()
    await new Promise<void>((resolve) => {
      waiting.push({ ends, found, resolve })
      if (!isReading) void readForAll()
    })
    return found
  }

  return async (ends) => {
    if (platform !== 'linux') return 'unknown'
    for (let tries = 1; ; tries++) {
      const [uid, ...others] = await findOwners(ends)
      if (uid !== undefined && others.length === 0) return uid
      if (tries === TRIES) return 'unlisted'
      await sleep(RETRY_MS)
    }
  }
}

async function readTables(lookups: readonly Lookup[]): Promise<void> {
  const byPorts = new Map<string, Lookup[]>()
  for (const lookup of lookups) {
    const ports = `${hexPort(lookup.ends.remotePort)} ${hexPort(lookup.ends.localPort)}`
    byPorts.set(ports, [...(byPorts.get(ports) ?? []), lookup])
  }
  for (const table of TABLES) {
    await readTable(table, (row) => {
      const [, local, remote] = PORTS_OF_ROW.exec(row) ?? []
      for (const { ends, found } of byPorts.get(`${local} ${remote}`) ?? []) {
        const uid = findUidInRow(row, ends)
        if (uid !== undefined) found.add(uid)
      }
    })
  }
}

function hexPort(port = 0): string {
  return port.toString(16).toUpperCase().padStart(4, '0')
}

/**
 * Reads one row of proc_net_tcp: `sl local remote st tx:rx tr:tm retrnsmt uid …`. The peer's row has our remote end as
 * its local one. A program may reach 127.0.0.1 by a socket of either family, the second one listed with the address
 * mapped (RFC 4291 §2.5.5.2).
 * @returns the owner, where the row is the peer's end
 */
export function findUidInRow(row: string, ends: SocketEnds): number | undefined {
  const [, local, remote, state, , , , uid] = row.trim().split(/\s+/)
  if (state !== ESTABLISHED || uid === undefined || !/^\d{1,10}$/.test(uid)) return undefined
  const isPeer =
    isEnd(local, ends.remoteAddress, ends.remotePort) &&
    isEnd(remote, ends.localAddress, ends.localPort)
  return isPeer ? Number(uid) : undefined
}

function isEnd(
  listed: string | undefined,
  address: string | undefined,
  port: number | undefined,
): boolean {
  const [, hexAddress, hexPort] = /^([\dA-F]{8}|[\dA-F]{32}):([\dA-F]{4})$/.exec(listed ?? '') ?? []
  if (hexAddress === undefined || hexPort === undefined || address === undefined) return false
  return parseInt(hexPort, 16) === port && writeAddress(hexAddress) === plainAddress(address)
}

/** The kernel prints an address as 32-bit words of its own byte order. */
function writeAddress(hex: string): string {
  const bytes = Buffer.from(hex, 'hex')
  if (endianness() === 'LE') bytes.swap32()
  if (bytes.length === 4) return bytes.join('.')
  const groups = bytes.toString('hex').match(/.{4}/g) ?? []
  return plainAddress(new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address)
}

/** Without the zone, and an IPv4 address as such. */
function plainAddress(address: string): string {
  const [bare = ''] = address.split('%')
  return bare.startsWith(MAPPED) ? bare.slice(MAPPED.length) : bare
}

/** Hands over row after row; a list that is not there (no IPv6, no /proc) has none. */
async function readTable(table: string, onRow: (row: string) => void): Promise<void> {
  let file: FileHandle
  try {
    file = await open(table)
  } catch {
    return
  }
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES)
    let rest = ''
    for (let total = 0; total < MAX_TABLE_BYTES;) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES)
      if (bytesRead === 0) break
      total += bytesRead
      const rows = (rest + chunk.toString('latin1', 0, bytesRead)).split('\n')
      rest = rows.pop() ?? ''
      rows.forEach(onRow)
    }
  } finally {
    await file.close()
  }
}
