import { describe, expect, it } from 'vitest'
import { classifyAddress } from './addresses.ts'

describe('where an address leads', () => {
  it.each(['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1'])(
    'to this machine: %s',
    (address) => {
      expect(classifyAddress(address)).toBe('loopback')
    },
  )

  it.each([
    '10.0.0.1',
    '10.255.255.255',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '100.127.255.255',
    'fc00::1',
    'fd12:3456:789a::1',
  ])('to a network of one’s own: %s', (address) => {
    expect(classifyAddress(address)).toBe('private')
  })

  it.each([
    ['this network', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['link-local, where clouds keep their keys', '169.254.169.254'],
    ['protocol assignments', '192.0.0.1'],
    ['documentation', '192.0.2.1'],
    ['documentation', '198.51.100.1'],
    ['documentation', '203.0.113.1'],
    ['6to4 relays', '192.88.99.1'],
    ['benchmarks', '198.18.0.1'],
    ['benchmarks', '198.19.255.255'],
    ['multicast', '224.0.0.1'],
    ['multicast', '239.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '::'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%lo'],
    ['site-local of old', 'fec0::1'],
    ['multicast', 'ff02::1'],
    ['an IPv4 address mapped', '::ffff:127.0.0.1'],
    ['an IPv4 address mapped, in hexadecimal', '::ffff:7f00:1'],
    ['a public IPv4 address mapped', '::ffff:8.8.8.8'],
    ['an IPv4 address of old form', '::127.0.0.1'],
    ['translated', '64:ff9b::7f00:1'],
    ['translated locally', '64:ff9b:1::1'],
    ['6to4 of loopback', '2002:7f00:1::'],
    ['Teredo', '2001::1'],
    ['documentation', '2001:db8::1'],
    ['documentation', '3fff::1'],
    ['discard', '100::1'],
    ['segment routing', '5f00::1'],
    ['no address', 'localhost'],
    ['no address', '127.1'],
    ['no address', ''],
  ])('nowhere good, %s: %s', (_, address) => {
    expect(classifyAddress(address)).toBe('special')
  })

  it.each([
    '8.8.8.8',
    '103.1.208.1',
    '172.15.255.255',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1',
  ])('to the open Internet: %s', (address) => {
    expect(classifyAddress(address)).toBe('public')
  })
})
