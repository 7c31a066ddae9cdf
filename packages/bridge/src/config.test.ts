import { readFileSync } from 'node:fs'
import { PORTS } from '@trien/sdk/wire'
import { describe, expect, it } from 'vitest'
import { parseJournalArguments, parseServeArguments } from './config.ts'
import { parseTlsArguments } from './config/tls.ts'
import { parseTokensArguments } from './config/tokens.ts'
import { CommandFailure } from './failure.ts'
import { VERSION } from './version.ts'

const HERE = new URL(import.meta.url).pathname

describe('the arguments of serve', () => {
  it('may be left out', () => {
    expect(parseServeArguments([])).toEqual({
      ports: PORTS,
      securePorts: undefined,
      modules: [],
      discovery: true,
      demo: false,
      demoCaFile: undefined,
      pinentry: undefined,
      language: undefined,
    })
  })

  it.each([
    [['--tls'], [27490, 27491, 27492, 27493, 27494]],
    [['--tls', '--port', '30000'], [30010]],
    [['--tls', '--port', '0'], [0]],
  ])('%j adds ports for wss', (args, securePorts) => {
    expect(parseServeArguments(args).securePorts).toEqual(securePorts)
  })

  it('name modules, a port, a pinentry, a language', () => {
    const args = ['--module', HERE, '--module', HERE, '--port', '0', '--language', 'en']
    const config = parseServeArguments([...args, '--pinentry', process.execPath])
    expect(config).toMatchObject({
      ports: [0],
      modules: [HERE, HERE],
      pinentry: process.execPath,
      language: 'en',
    })
  })

  it.each([[['--module', HERE]], [['--demo']], [['--no-discovery']]])(
    'keep the bridge from looking around: %s',
    (args) => {
      expect(parseServeArguments(args).discovery).toBe(false)
    },
  )

  it.each([
    [['--port', '65536'], /not a port/],
    [['--port', '-1'], /port/],
    [['--port', '0x50'], /not a port/],
    [['--language', 'fr'], /not a language/],
    [['--module', '/nowhere.so'], /cannot use \/nowhere\.so/],
    [['--pinentry', HERE], /cannot use/],
    [['--demo-ca', 'ca.pem'], /--demo-ca needs --demo/],
    [['--tls', '--port', '65530'], /no port above/],
    [['--all-interfaces'], /unknown option/],
    [['27480'], /unexpected argument/],
  ])('are refused with a hint: %s', (args, message) => {
    expect(() => parseServeArguments(args)).toThrow(
      expect.objectContaining({
        name: 'CommandFailure',
        message: expect.stringMatching(message),
        hint: expect.stringContaining('trien-bridge'),
      }),
    )
  })
})

describe('the arguments of tokens', () => {
  it('may name a module, or leave that to the bridge', () => {
    const all = { deed: 'list', modules: [], discovery: true, json: true }
    expect(parseTokensArguments(['--json'])).toEqual(all)
    const one = { deed: 'list', modules: [HERE], discovery: false, json: false }
    expect(parseTokensArguments(['--module', HERE])).toEqual(one)
  })

  it.each([
    [['change-pin'], { deed: 'change-pin', token: undefined, discovery: true }],
    [['unblock', '0a1b', '--language', 'vi'], { deed: 'unblock', token: '0a1b', language: 'vi' }],
    [['unblock', '--module', HERE], { token: undefined, modules: [HERE], discovery: false }],
  ])('may name a token whose PIN is cared for: %j', (args, expected) => {
    expect(parseTokensArguments(args)).toMatchObject(expected)
  })

  it.each([
    [['change-pin', 'mot', '8642013']],
    [['change-pin', '--language', 'vi', '8642013']],
    [['unblock', 'mot', '--module', HERE, '8642013']],
  ])('have no room for a PIN, and repeat none: %j', (args) => {
    let message = ''
    try {
      parseTokensArguments(args)
    } catch (error) {
      const { hint } = error as CommandFailure
      message = `${(error as Error).message} ${hint}`
    }
    expect(message).toMatch(/typed into the dialog/)
    expect(message).not.toContain('8642013')
  })

  it.each([[['change-pin', '--pin', '1']], [['change-pin', '--json']], [['rename']]])(
    'are refused: %j',
    (args) => expect(() => parseTokensArguments(args)).toThrow(CommandFailure),
  )
})

it('the version is that of the package', () => {
  const file = new URL('../package.json', import.meta.url)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: VERSION })
})

describe('the arguments of journal', () => {
  it.each([
    [[], 'show', 'text'],
    [['--json'], 'show', 'json'],
    [['--csv'], 'show', 'csv'],
    [['verify'], 'verify', 'text'],
    [['verify', '--json'], 'verify', 'json'],
    [['summary'], 'summary', 'text'],
    [['summary', '--json'], 'summary', 'json'],
  ])('%j', (args, verb, form) => {
    expect(parseJournalArguments(args)).toEqual({ verb, form })
  })

  it.each([['erase'], ['--csv', '--json'], ['verify', '--csv'], ['verify', 'summary'], ['--x']])(
    'refuse %s %s',
    (...args) => {
      expect(() => parseJournalArguments(args)).toThrow(CommandFailure)
    },
  )
})

describe('the arguments of tls', () => {
  it.each([
    [['status', '--json'], { deed: 'status', json: true }],
    [['install'], { deed: 'install', renew: false }],
    [['install', '--renew'], { deed: 'install', renew: true }],
    [['policy'], { deed: 'policy' }],
    [['remove'], { deed: 'remove' }],
  ])('%j', (args, config) => {
    expect(parseTlsArguments(args)).toEqual(config)
  })

  it.each([[[]], [['reinstall']], [['remove', '--all']], [['status', '--renew']]])(
    'refuse %j',
    (args) => {
      expect(() => parseTlsArguments(args)).toThrow(CommandFailure)
    },
  )
})
