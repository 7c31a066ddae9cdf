/**
 * Who listens on a loopback port, as Linux lists it.
 * @module
 */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs'

/** A socket that waits for connections. */
export interface Listener {
  readonly port: number
  readonly uid: number
  readonly inode: string
}

const LISTEN = '0A'
/** 127.0.0.1, ::1, and the addresses that stand for all of them; words in the byte order of the machine. */
const REACHES_LOOPBACK =
  /^(?:0100007F|7F000001|0{8}|0{32}|0{24}01000000|0{31}1|0{16}FFFF0000(?:0100007F|0{8})|0{20}FFFF(?:7F000001|0{8}))$/

/**
 * Reads rows of proc_net_tcp (proc(5)): `sl local remote st tx:rx tr:tm retrnsmt uid timeout inode …`.
 * @param table text of /proc/net/tcp or tcp6
 */
export function parseListeners(table: string): Listener[] {
  return table.split('\n').flatMap((row) => {
    const [, local = '', , state, , , , uid = '', , inode = ''] = row.trim().split(/\s+/)
    const [address = '', port = ''] = local.split(':')
    if (state !== LISTEN || !REACHES_LOOPBACK.test(address)) return []
    return [{ port: parseInt(port, 16), uid: Number(uid), inode }]
  })
}

/**
 * Finds the short name of the program that holds a socket (proc(5), comm); only of those that this person may look at.
 * @returns undefined where none is found
 */
export function findHolder(inode: string): { pid: number; name: string } | undefined {
  const link = `socket:[${inode}]`
  for (const pid of listNumbers('/proc')) {
    const folder = `/proc/${pid}/fd`
    const isHolder = listNumbers(folder).some((fd) => readLink(`${folder}/${fd}`) === link)
    if (isHolder) return { pid: Number(pid), name: readName(pid) }
  }
  return undefined
}

function listNumbers(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}

function readLink(file: string): string {
  try {
    return readlinkSync(file)
  } catch {
    return ''
  }
}

function readName(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  } catch {
    return ''
  }
}
