import { once } from 'node:events'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'
import { endianness } from 'node:os'
import { afterEach, describe, expect, it } from 'vitest'
import { type SocketEnds, createPeerReader, findUidInRow } from './peer-uid.ts'

/** Rows as Linux 6 prints them on a little-endian machine. */
const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
const LISTENING =
  '   0: 0100007F:6B58 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 48 1 00000000ca761e93 100 0 0 10 0'
const PEER =
  '   1: 0100007F:C434 0100007F:6B58 01 00000000:00000000 00:00000000 00000000  1001        0 83121 1 0000000070f7b2b1 20 4 0 10 -1'
const OURS =
  '   2: 0100007F:6B58 0100007F:C434 01 00000000:00000000 00:00000000 00000000  1000        0 83122 1 000000006e33370d 20 4 30 10 -1'
const PEER_CLOSED =
  '   3: 0100007F:C434 0100007F:6B58 06 00000000:00000000 03:000010D4 00000000     0        0 0 3 000000006e33370d'
const PEER_V6 =
  '   4: 00000000000000000000000001000000:C434 00000000000000000000000001000000:6B58 01 00000000:00000000 00:00000000 00000000 65534        0 83125 2 000000005b2ccbab'
const PEER_MAPPED =
  '   5: 0000000000000000FFFF00000100007F:C434 0000000000000000FFFF00000100007F:6B58 01 00000000:00000000 00:00000000 00000000  1002        0 83127 1 000000005b2ccbab'

const four: SocketEnds = {
  remoteAddress: '127.0.0.1',
  remotePort: 0xc434,
  localAddress: '127.0.0.1',
  localPort: 27480,
}
const six: SocketEnds = { ...four, remoteAddress: '::1', localAddress: '::1' }

describe.runIf(endianness() === 'LE')('a row of /proc/net/tcp', () => {
  it.each<[string, number | undefined, string, SocketEnds]>([
    ['the peer’s end', 1001, PEER, four],
    ['the peer’s end on ::1', 65534, PEER_V6, six],
    ['a socket of IPv6 that reached 127.0.0.1', 1002, PEER_MAPPED, four],
    [
      'the same, seen from a socket of IPv6',
      1001,
      PEER,
      { ...four, remoteAddress: '::ffff:127.0.0.1' },
    ],
    ['our own end', undefined, OURS, four],
    ['our ear', undefined, LISTENING, four],
    ['the peer’s end once it was closed', undefined, PEER_CLOSED, four],
    ['the other family', undefined, PEER_V6, four],
    ['the other family', undefined, PEER, six],
    ['another port of the peer', undefined, PEER, { ...four, remotePort: 0xc435 }],
    ['another port of ours', undefined, PEER, { ...four, localPort: 27481 }],
    ['another address', undefined, PEER, { ...four, remoteAddress: '127.0.0.2' }],
    ['the head', undefined, HEAD, four],
    ['nothing', undefined, '', four],
    ['a row cut short', undefined, PEER.slice(0, 60), four],
    ['a connection that is gone', undefined, PEER, {}],
  ])('%s: %s', (_, uid, row, ends) => {
    expect(findUidInRow(row, ends)).toBe(uid)
  })
})

const readPeerUid = createPeerReader()
const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
})

async function accept(listenOn: string, connectTo: string, count = 1): Promise<Socket[]> {
  const server = createServer().listen(0, listenOn)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const accepted: Socket[] = []
  for (let index = 0; index < count; index++) {
    sockets.push(connect({ port, host: connectTo }))
    const [socket] = (await once(server, 'connection')) as [Socket]
    sockets.push(socket)
    accepted.push(socket)
  }
  server.close()
  return accepted
}

function pick({ remoteAddress, remotePort, localAddress, localPort }: Socket): SocketEnds {
  return { remoteAddress, remotePort, localAddress, localPort }
}

describe.runIf(process.platform === 'linux')('the owner of a real connection', () => {
  it.each([
    ['IPv4', '127.0.0.1', '127.0.0.1'],
    ['another loopback address', '0.0.0.0', '127.0.0.2'],
    ['IPv4 on a socket of IPv6', '127.0.0.1', '::ffff:127.0.0.1'],
  ])('is found: %s', async (_, listenOn, connectTo) => {
    for (const socket of await accept(listenOn, connectTo, 3)) {
      expect(await readPeerUid(socket)).toBe(process.getuid?.())
    }
  })

  it('is found on ::1, where the machine has it', async (context) => {
    const accepted = await accept('::1', '::1').catch(() => context.skip('this machine has no ::1'))
    for (const socket of accepted) expect(await readPeerUid(socket)).toBe(process.getuid?.())
  })

  it('is found for many that ask at once, and for nobody among them who has gone', async () => {
    const accepted = await accept('127.0.0.1', '127.0.0.1', 40)
    const gone = { ...pick(accepted[0]!), remotePort: undefined }
    const asked = [...accepted.map(pick), gone, ...(await accept('127.0.0.1', '127.0.0.1', 40))]
    const uids = await Promise.all(asked.map(readPeerUid))
    expect(uids.splice(40, 1)).toEqual(['unlisted'])
    expect(new Set(uids)).toEqual(new Set([process.getuid?.()]))
  })

  it('is not found once the peer has gone', async () => {
    const [socket] = await accept('127.0.0.1', '127.0.0.1')
    const ends = pick(socket!)
    for (const open of sockets) open.destroy()
    await expect.poll(() => readPeerUid(ends)).toBe('unlisted')
  })
})

it('is not known on other systems', async () => {
  expect(await createPeerReader('darwin')(four)).toBe('unknown')
  expect(await createPeerReader('win32')(four)).toBe('unknown')
})
