/**
 * An address that a certificate or the settings name, read before anybody looks it up.
 * @module
 */
import { isIP } from 'node:net'
import { type AddressKind, classifyAddress } from './addresses.ts'
import { refused } from './problem.ts'

/** A server that may be spoken to once its addresses are known to be allowed. */
export interface Target {
  readonly url: URL
  /** Without the brackets of IPv6. */
  readonly hostname: string
  /** Where its name may lead. */
  readonly allowed: readonly AddressKind[]
}

/** `host:port` as `hostAndPort` writes it: those of the settings. */
export type InternalHosts = ReadonlySet<string>

const MAX_LENGTH = 500
const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' }

/**
 * Reads an address.
 * @param internalHosts where the machine's owner let the relay go besides the open Internet
 * @throws {BridgeError} BRIDGE_RELAY_REFUSED {reason: `address` | `internal`}
 */
export function parseTarget(address: string, internalHosts: InternalHosts): Target {
  // What is not visible ASCII, and a backslash, are read differently by different readers of URLs.
  const isPlain =
    address.length <= MAX_LENGTH && /^[a-z]+:\/\/[!-.0-[\]-~][!-[\]-~]*$/i.test(address)
  if (!isPlain || !URL.canParse(address)) throw refused('address')
  const url = new URL(address)
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const isNamed = internalHosts.has(hostAndPort(url))
  assertForm(url, hostname, isNamed)
  url.hash = ''
  return { url, hostname, allowed: allowedKinds(hostname, isNamed) }
}

/** The host in lower case, an IPv6 address in brackets, and the port, also where it is the scheme's own. */
export function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? '') : url.port}`
}

function assertForm(url: URL, hostname: string, isNamed: boolean): void {
  const hasUsualPort = ['', '80', '443'].includes(url.port)
  const isWeb = Object.hasOwn(DEFAULT_PORTS, url.protocol)
  const hasUser = url.username !== '' || url.password !== ''
  if (!isWeb || hasUser || hostname === '' || (!hasUsualPort && !isNamed)) {
    throw refused('address', hostname)
  }
  // A name without a dot, or under .localhost, is one of this machine or network; a dot at the end is another spelling.
  const isBare = isIP(hostname) === 0 && !hostname.slice(0, -1).includes('.')
  const isLocal = hostname.endsWith('.') || hostname.endsWith('.localhost')
  if ((isBare || isLocal) && !isNamed) throw refused('internal', hostname)
}

/** Who names a host need not mean that its name leads to this machine, so that takes a literal address. */
function allowedKinds(hostname: string, isNamed: boolean): readonly AddressKind[] {
  if (!isNamed) return ['public']
  const isLiteral = isIP(hostname) !== 0 || hostname === 'localhost'
  return isLiteral ? ['public', 'private', 'loopback'] : ['public', 'private']
}

/** Keeps the addresses where the target leads, all of them or none: a name that leads to both sides is a trick. */
export function assertAllowed(target: Target, addresses: readonly string[]): void {
  const isAllowed = addresses.every((address) => target.allowed.includes(classifyAddress(address)))
  if (!isAllowed) throw refused('internal', target.hostname)
}
