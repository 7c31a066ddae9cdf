import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { findHolder, parseListeners } from './listening.ts'

const ROWS = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:6B58 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4242 1 0 100 0 0 10 0
   1: 00000000:6B59 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1001        0 4243 1 0 100 0 0 10 0
   2: 0501A8C0:6B5A 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1001        0 4244 1 0 100 0 0 10 0
   3: 0100007F:6B58 0100007F:95EE 01 00000000:00000000 03:00000000 00000000     0        0 0 3 0`

describe('who listens', () => {
  it('is read of loopback and of all addresses, of nothing else', () => {
    expect(parseListeners(ROWS)).toEqual([
      { port: 27480, uid: 1000, inode: '4242' },
      { port: 27481, uid: 1001, inode: '4243' },
    ])
    expect(parseListeners('')).toEqual([])
  })

  it.runIf(process.platform === 'linux').each(['127.0.0.1', '::1', '0.0.0.0', '::'])(
    'is this very process on %s, by its name',
    async (host) => {
      const server = createServer()
      server.listen({ host, port: 0 })
      await once(server, 'listening')
      try {
        const { port } = server.address() as AddressInfo
        const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFileSync(file, 'utf8'))
        const [listener] = tables.flatMap(parseListeners).filter((one) => one.port === port)
        expect(listener?.uid).toBe(process.getuid?.())
        expect(findHolder(listener?.inode ?? '')?.pid).toBe(process.pid)
      } finally {
        server.close()
      }
    },
  )
})
