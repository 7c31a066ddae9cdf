/**
 * Servers that the machine's owner names, for the relay.
 * @module
 */
import type { EntryReader } from './entry.ts'

/** A time stamping authority by a name that pages may use. */
export interface TimestampServer {
  readonly name: string
  readonly url: string
}

const MAX_NAME_LENGTH = 100

/** `{ "name": "…", "url": "http://tsa.example/" }`; whoever writes it lets the relay go there, wherever that leads. */
export const timestampServer: EntryReader<TimestampServer> = {
  expected: '{ "name", "url" } of a timestamp server, http: or https: without a user',
  read(entry) {
    if (typeof entry !== 'object' || entry === null || Object.keys(entry).length !== 2) {
      return undefined
    }
    const { name, url } = entry as { name?: unknown; url?: unknown }
    if (typeof name !== 'string' || name === '' || name.length > MAX_NAME_LENGTH) return undefined
    return typeof url === 'string' && isWebAddress(url) ? { name, url } : undefined
  },
}

/** `"host:port"` of this machine or network, to which a certificate may send the relay; in the spelling of URLs. */
export const internalHost: EntryReader<string> = {
  expected: '"host:port"',
  read(entry) {
    const parts = typeof entry === 'string' ? /^([^\s/@?#\\]+):(\d{1,5})$/.exec(entry) : null
    const [, host = '', port = ''] = parts ?? []
    const address = `http://${host}/`
    if (host === '' || !URL.canParse(address) || Number(port) > 65_535) return undefined
    const url = new URL(address)
    return url.port === '' && url.hostname !== '' ? `${url.hostname}:${Number(port)}` : undefined
  },
}

function isWebAddress(text: string): boolean {
  if (text.length > 500 || !/^https?:\/\/[!-[\]-~]+$/.test(text) || !URL.canParse(text)) {
    return false
  }
  const { username, password } = new URL(text)
  return username === '' && password === ''
}
