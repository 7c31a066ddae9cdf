/** The authority that browsers here are told to believe can vouch for this computer alone: three judges, none of ours. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Authority, createAuthority } from '../../packages/bridge/src/tls/authority.ts'
import { LOOPBACK_NAMES, type ServerName } from '../../packages/bridge/src/tls/extensions.ts'
import { believe, certutil, makeDatabase } from '../helpers/nss-database.ts'
import { hasTools } from '../helpers/tools.ts'

const ipv6 = (last: number): ServerName => ({ type: 'ip', octets: [...Array(15).fill(0), last] })
const BANK: ServerName = { type: 'dns', name: 'bank.example' }

/** Says whether a certificate of a server, PEM in a file, is one to believe, and why not. */
interface Judge {
  readonly name: string
  readonly tool: string
  judge(folder: string, file: string): string
  readonly yes: RegExp
  readonly no: RegExp
}

const JUDGES: readonly Judge[] = [
  {
    name: 'OpenSSL',
    tool: 'openssl',
    judge: (folder, file) =>
      say('openssl', 'verify', '-x509_strict', '-purpose', 'sslserver', ...caOf(folder), file),
    yes: /OK/,
    no: /permitted subtree violation/,
  },
  {
    name: 'NSS',
    tool: 'certutil',
    judge(folder, file) {
      const nickname = path.basename(file)
      certutil(folder, '-A', '-t', ',,', '-n', nickname, '-a', '-i', file)
      return say('certutil', '-d', `sql:${folder}`, '-V', '-u', 'V', '-e', '-n', nickname)
    },
    yes: /certificate is valid/,
    no: /not permitted to issue a certificate with this name/,
  },
  {
    name: 'GnuTLS',
    tool: 'certtool',
    judge: (folder, file) =>
      say('certtool', '--verify', '--load-ca-certificate', caFile(folder), '--infile', file),
    yes: /The certificate is trusted/,
    no: /violates the signer's constraints/,
  },
]

const caFile = (folder: string): string => path.join(folder, 'ca.pem')
const caOf = (folder: string): string[] => ['-CAfile', caFile(folder)]

function say(program: string, ...args: readonly string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    return stdout + stderr
  }
}

describe.each(JUDGES)('by $name', ({ tool, judge, yes, no }) => {
  const isThere = hasTools(tool, 'certutil')
  let folder: string
  let authority: Authority
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'trien-authority-'))
    authority = createAuthority()
    writeFileSync(caFile(folder), authority.certificate.toString())
    if (!isThere) return
    makeDatabase(folder)
    believe(folder, authority.certificate.toString(), 'authority')
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const judgeNames = (name: string, names: readonly ServerName[]): string => {
    const file = path.join(folder, name.replace(/\W/g, '-'))
    writeFileSync(file, authority.issue(names).leaf.toString())
    return judge(folder, file)
  }

  it.runIf(isThere)('a certificate for this computer is believed', () => {
    expect(judgeNames('own', LOOPBACK_NAMES)).toMatch(yes)
  })

  it.runIf(isThere).each<[string, readonly ServerName[]]>([
    ['another name', [BANK]],
    ['a name that begins like ours', [{ type: 'dns', name: 'localhost.example' }]],
    ['our names and another', [...LOOPBACK_NAMES, BANK]],
    ['another address of loopback', [{ type: 'ip', octets: [127, 0, 0, 2] }]],
    ['an address of the network', [{ type: 'ip', octets: [10, 9, 8, 7] }]],
    ['another address of IPv6', [ipv6(2)]],
  ])('one for %s is not', (name, names) => {
    const said = judgeNames(name, names)
    expect(said).toMatch(no)
    expect(said).not.toMatch(yes)
  })
})
