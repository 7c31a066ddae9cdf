/** Readers and browsers of machines that this one is not. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describePlace } from '../../settings/place.ts'
import { type Machine, describeMachine } from '../machine.ts'
import { checkBrowsers } from './browsers.ts'
import { checkPolicies } from './policies.ts'
import { checkReaders } from './readers.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'trien-place-'))
})
afterEach(() => {
  rmSync(root, { recursive: true })
})

function put(file: string, text = ''): void {
  const target = path.join(root, file)
  mkdirSync(path.dirname(target), { recursive: true })
  writeFileSync(target, text)
  chmodSync(target, 0o755)
}

function machine(other: Partial<Machine> = {}): Machine {
  const place = describePlace({ root, home: path.join(root, 'home/lan'), system: 'linux' })
  return describeMachine({ place, platform: 'linux', ...other })
}

async function statesOf(check: typeof checkReaders, on = machine()) {
  return Object.fromEntries((await check(on)).map(({ id, state }) => [id, state]))
}

describe('readers', () => {
  it('want the smart card service', async () => {
    expect(await statesOf(checkReaders)).toEqual({
      'readers.usb': 'unknown',
      'readers.pcscd': 'warning',
    })
    put('sys/bus/usb/devices/1-1:1.0/bInterfaceClass', '0b\n')
    put('sys/bus/usb/devices/1-2:1.0/bInterfaceClass', '08\n')
    put('sys/bus/usb/devices/1-2/product', 'disk\n')
    put('usr/sbin/pcscd')
    const [usb, pcscd] = await checkReaders(machine())
    expect(usb?.text.en).toContain('1 reader')
    expect(pcscd).toMatchObject({ state: 'bad', remedy: { en: expect.stringContaining('enable') } })
    put('run/pcscd/pcscd.comm')
    expect(await statesOf(checkReaders)).toEqual({ 'readers.usb': 'good', 'readers.pcscd': 'good' })
  })

  it('of Windows hang on a service of that name', async () => {
    const on = (told: string | undefined): Machine =>
      machine({ platform: 'win32', run: async () => told })
    expect(await statesOf(checkReaders, on('STATE : 4  RUNNING'))).toEqual({
      'readers.scardsvr': 'good',
    })
    expect(await statesOf(checkReaders, on('STATE : 1  STOPPED'))).toEqual({
      'readers.scardsvr': 'warning',
    })
  })
})

describe('browsers', () => {
  it('are found with their version, a snap and a flatpak named as such', async () => {
    put('usr/bin/chromium', '#!/bin/sh\necho Chromium 156.0.1 built on Debian\n')
    put('snap/bin/firefox', '#!/bin/sh\necho Mozilla Firefox 153.0\n')
    put('var/lib/flatpak/exports/bin/com.brave.Browser', '#!/bin/sh\necho Brave 1.146.2\n')
    const found = await checkBrowsers(machine())
    expect(found.map(({ id }) => id)).toEqual([
      'browsers.chromium',
      'browsers.brave.flatpak',
      'browsers.firefox.snap',
    ])
    expect(found[0]?.text.en).toMatch(/^Chromium 156\.0\.1: each site needs the permission/)
    expect(found[2]?.text.en).toBe('Firefox 153.0 (snap).')
  })

  it('may be none', async () => {
    expect(await statesOf(checkBrowsers)).toEqual({ 'browsers.list': 'unknown' })
  })
})

describe('policies', () => {
  it('that close the way are bad, and sites are named to their administrator alone', async () => {
    expect(await checkPolicies(machine())).toEqual([])
    const sites = ['https://portal.gov.test']
    const allow = { LoopbackNetworkAllowedForUrls: sites }
    put('etc/chromium/policies/managed/a.json', JSON.stringify(allow))
    put('etc/opt/edge/policies/managed/b.json', '{"LoopbackNetworkBlockedForUrls": ["*"]}')
    put('etc/opt/chrome/policies/managed/c.json', 'no JSON')
    const firefox = { policies: { LocalNetworkAccess: { SkipDomains: ['portal.gov.test'] } } }
    put('etc/firefox/policies/policies.json', JSON.stringify(firefox))
    expect(await statesOf(checkPolicies)).toEqual({
      'policies.chromium.allowed': 'good',
      'policies.edge.blocked': 'bad',
      'policies.firefox.allowed': 'good',
    })
    const [first] = await checkPolicies(machine())
    expect(first?.personal).toEqual(sites)
    expect(JSON.stringify([first?.text, first?.remedy])).not.toContain('portal')
  })
})
