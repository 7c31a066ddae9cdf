/**
 * Where an IP address leads, by the registries of special-purpose addresses (RFC 6890 and its successors at IANA).
 * @module
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net'

/**
 * - `public`: the open Internet
 * - `private`: a network that its owner numbers as he likes
 * - `loopback`: this machine
 * - `special`: link-local, multicast, reserved, documentation, or an IPv4 address in the clothes of IPv6, which could
 *   be any of the others
 */
export type AddressKind = 'public' | 'private' | 'loopback' | 'special'

const LOOPBACK = blockList(['127.0.0.0/8', '::1/128'])
const PRIVATE = blockList([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  // Shared address space of carriers, RFC 6598.
  '100.64.0.0/10',
  // Unique local, RFC 4193.
  'fc00::/7',
])
const SPECIAL = blockList([
  '0.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Protocol assignments, Teredo among them.
  '2001::/23',
  '2001:db8::/32',
  // 6to4 carries any IPv4 address.
  '2002::/16',
  '3fff::/20',
])
/** All that is given out of IPv6 to the open Internet. */
const GLOBAL_UNICAST = blockList(['2000::/3'])

/** Says where an address leads; what is no address leads nowhere. */
export function classifyAddress(address: string): AddressKind {
  if (!isIPv4(address) && !isIPv6(address)) return 'special'
  const family = isIPv4(address) ? 'ipv4' : 'ipv6'
  // ::ffff:0:0/96 would be matched against the rules of IPv4. No name has reason to resolve to it.
  if (family === 'ipv6' && MAPPED.check(address, family)) return 'special'
  if (LOOPBACK.check(address, family)) return 'loopback'
  if (PRIVATE.check(address, family)) return 'private'
  if (SPECIAL.check(address, family)) return 'special'
  if (family === 'ipv6' && !GLOBAL_UNICAST.check(address, family)) return 'special'
  return 'public'
}

const MAPPED = blockList(['::ffff:0:0/96'])

function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [network = '', bits] = range.split('/')
    list.addSubnet(network, Number(bits), isIPv4(network) ? 'ipv4' : 'ipv6')
  }
  return list
}
