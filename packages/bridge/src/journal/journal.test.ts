import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openIdentity } from '../identity.ts'
import { toAskedEntry, toEndedEntry } from './asking.ts'
import { encodeHead } from './chain.ts'
import { type Inspection, inspectJournal } from './inspect.ts'
import { type JournalOptions, createJournal } from './journal.ts'
import { findRows } from './rows.ts'

let stateFolder = ''
const folder = (): string => path.join(stateFolder, 'journal')
const file = (name = '000001.jsonl'): string => path.join(folder(), name)
const journal = (options: JournalOptions = {}) => createJournal(() => stateFolder, options)
const inspect = (): Inspection => inspectJournal(folder(), openIdentity(stateFolder))
const breaks = (): string[] =>
  inspect()
    .findings.filter(({ isBreak }) => isBreak)
    .map(({ place, text }) => `${place} ${text}`)
const notes = (): string[] =>
  inspect()
    .findings.filter(({ isBreak }) => !isBreak)
    .map(({ place, text }) => `${place} ${text}`)
const linesOf = (name?: string): string[] =>
  readFileSync(file(name), 'utf8').split('\n').slice(0, -1)
const rewrite = (lines: readonly string[], name?: string): void => {
  writeFileSync(file(name), lines.map((line) => `${line}\n`).join(''))
}

beforeEach(() => {
  stateFolder = mkdtempSync(path.join(tmpdir(), 'trien-journal-'))
})
afterEach(() => {
  rmSync(stateFolder, { recursive: true, force: true })
})

const ASKED = toAskedEntry({
  origin: 'https://portal.gov.test',
  documents: [
    { name: 'đơn\n\u{202E}.txt', size: 12, digest: { algorithm: 'SHA-256', hex: 'ab'.repeat(32) } },
  ],
  certificate: { id: 'cd'.repeat(32), holder: 'Nguyễn Văn An' },
  token: { label: 'mot', serial: '1' },
})

/** Writes so many pairs of entries. */
async function fill(pairs: number, options?: JournalOptions): Promise<void> {
  const writer = journal(options)
  for (let pair = 0; pair < pairs; pair++) {
    const asked = await writer.append(ASKED)
    await writer.append(toEndedEntry(asked, 'signed', 1))
  }
}

describe('the chain', () => {
  it('holds what was written, in order, names as one plain line', async () => {
    await fill(2, { now: () => new Date(0) })
    const { bodies, findings, files, end } = inspect()
    expect(findings).toEqual([])
    expect(files).toEqual(['000001.jsonl'])
    expect(bodies.map(({ n }) => n)).toEqual([1, 2, 3, 4])
    expect(end.n).toBe(4)
    expect(bodies[0]).toMatchObject({ kind: 'asked', time: '1970-01-01T00:00:00.000Z' })
    expect(findRows(bodies)[0]).toMatchObject({
      result: 'signed',
      signed: 1,
      documents: [{ name: 'đơn �.txt' }],
    })
  })

  it('goes on in a second bridge, and is for its owner alone', async () => {
    await fill(1)
    await fill(1)
    expect(inspect()).toMatchObject({ findings: [], end: { n: 4 } })
    if (process.platform === 'win32') return
    expect(statSync(folder()).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(folder())) expect(statSync(file(name)).mode & 0o777).toBe(0o600)
  })

  it('takes entries that are appended at once, by two writers, one after the other', async () => {
    const [one, two] = [journal(), journal()]
    const numbers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).append(ASKED)),
    )
    expect(numbers.toSorted((a, b) => a - b)).toEqual(numbers.map((_, index) => index + 1))
    expect(inspect()).toMatchObject({ findings: [], end: { n: 20 } })
  })

  it('begins a new file when one is full, and the chain goes across', async () => {
    await fill(4, { maxFileBytes: 1 })
    expect(inspect()).toMatchObject({ findings: [], end: { n: 8 } })
    expect(inspect().files).toHaveLength(8)
    const size = linesOf('000001.jsonl')[0]!.length
    expect(size).toBeGreaterThan(100)
  })

  it('fills a file up to its bound: the line that reaches it is its last', async () => {
    await fill(1)
    const twoLines = statSync(file()).size
    await fill(1, { maxFileBytes: twoLines + 1 })
    expect(inspect().files).toHaveLength(2)
    expect(linesOf()).toHaveLength(3)
    await fill(1, { maxFileBytes: 1 << 20 })
    expect(linesOf('000002.jsonl')).toHaveLength(3)
    expect(breaks()).toEqual([])
  })
})

describe('a change', () => {
  const FIELDS: readonly [string, RegExp, string][] = [
    ['the number', /"n":3/, '"n":9'],
    ['the hash', /"prev":"./, '"prev":"x'],
    ['the time', /"time":"20/, '"time":"19'],
    ['the kind', /"kind":"asked"/, '"kind":"other"'],
    ['the origin', /portal\.gov/, 'evil.gov'],
    ['a name', /\.txt/, '.pdf'],
    ['a size', /"size":12/, '"size":13'],
    ['a digest', /"abab/, '"acab'],
    ['the algorithm', /SHA-256/, 'SHA-512'],
    ['the certificate', /"cdcd/, '"cecd'],
    ['the holder', /Nguyễn/, 'Nguyên'],
    ['the token', /"mot"/, '"hai"'],
    ['the signature', /"signature":"./, '"signature":"*'],
    ['the frame of the signature', /,"signature"/, ' "signature"'],
  ]
  it.each(FIELDS)('of %s is found in its line, and told once', async (_, pattern, text) => {
    await fill(3)
    const lines = linesOf()
    const changed = lines[2]!.replace(pattern, text)
    expect(changed).not.toBe(lines[2])
    rewrite(lines.with(2, changed))
    expect(breaks()).toEqual([expect.stringMatching(/^000001\.jsonl:3 (was changed|is no line)/)])
  })

  it('of any one byte of a line is found there', async () => {
    await fill(1)
    const bytes = readFileSync(file())
    const firstLength = bytes.indexOf(0x0a)
    for (let at = 0; at < firstLength; at += 7) {
      const changed = Buffer.from(bytes)
      changed[at]! ^= 1
      writeFileSync(file(), changed)
      expect(breaks()[0], `byte ${at}`).toMatch(/^000001\.jsonl:1 /)
    }
  })

  it.each([
    ['the first line taken away', [1, 2, 3, 4, 5], '000001.jsonl:1 line 1 is missing before this'],
    ['a line taken away', [0, 1, 3, 4, 5], '000001.jsonl:3 line 3 is missing before this'],
    ['two taken away', [0, 1, 4, 5], '000001.jsonl:3 lines 3 to 4 are missing before this'],
    ['the end cut off', [0, 1, 2, 3], 'the end lines 5 to 6 are missing'],
    ['all cut off', [], 'the end lines 1 to 6 are missing'],
    ['a line twice', [0, 1, 1, 2, 3, 4, 5], '000001.jsonl:3 line 2 stands where line 3 belongs'],
  ])('%s is found', async (_, order, first) => {
    await fill(3)
    const lines = linesOf()
    rewrite(order.map((index) => lines[index]!))
    expect(breaks()[0]).toBe(first)
  })

  it('of the order is found', async () => {
    await fill(3)
    const lines = linesOf()
    rewrite([0, 2, 1, 3, 4, 5].map((index) => lines[index]!))
    expect(breaks()).toEqual(
      [
        '000001.jsonl:2 line 2 is missing before this',
        '000001.jsonl:3 line 2 stands where line 4 belongs',
        '000001.jsonl:4 line 3 is missing before this',
      ].map((text, index) => (index === 2 ? expect.stringContaining('000001.jsonl:4') : text)),
    )
  })

  it('to a line of another chain under the same key is found', async () => {
    await fill(2)
    const ours = linesOf()
    renameSync(folder(), path.join(stateFolder, 'kept'))
    await fill(2)
    rewrite(linesOf().with(2, ours[2]!))
    expect(breaks()).toContain('000001.jsonl:3 does not follow the line before it')
  })

  it('that takes a file away is found', async () => {
    await fill(2, { maxFileBytes: 1 })
    rmSync(file('000002.jsonl'))
    expect(breaks()).toEqual(['000003.jsonl:1 line 2 is missing before this'])
    rmSync(file('000004.jsonl'))
    expect(breaks()).toContain('the end line 4 is missing')
  })

  it('that takes the head away, changes it or puts an unsigned one there is found', async () => {
    await fill(1)
    const head = readFileSync(file('head.json'), 'utf8')
    writeFileSync(file('head.json'), head.replace('"n":2', '"n":1'))
    expect(breaks()).toEqual(['head.json is missing, changed, or not signed here'])
    rmSync(file('head.json'))
    expect(breaks()).toEqual(['head.json is missing, changed, or not signed here'])
  })

  it('of the key makes every line foreign', async () => {
    await fill(1)
    rmSync(path.join(stateFolder, 'identity.key'))
    expect(breaks().filter((text) => text.includes('not signed by this'))).toHaveLength(2)
  })
})

describe('after a crash', () => {
  it('an unfinished line at the end is a note, and is cut off by the next, which says so', async () => {
    await fill(1)
    appendFileSync(file(), '{"n":3,"prev":"')
    expect(breaks()).toEqual([])
    expect(notes()).toEqual(['000001.jsonl:3 ends in an unfinished line'])
    await fill(1)
    expect(breaks()).toEqual([])
    expect(notes()).toEqual(['000001.jsonl:3 before this, an unfinished line was cut off'])
    expect(inspect().end.n).toBe(5)
  })

  it('the same where the file was full, or had no other line', async () => {
    await fill(1)
    appendFileSync(file(), '{')
    await fill(1, { maxFileBytes: 1 })
    writeFileSync(file('000003.jsonl'), '{"n"')
    await fill(1, { maxFileBytes: 1 })
    expect(breaks()).toEqual([])
    expect(notes()).toHaveLength(2)
  })

  it('a head that is behind the lines is right', async () => {
    await fill(1)
    const head = readFileSync(file('head.json'))
    await fill(1)
    writeFileSync(file('head.json'), head)
    expect(inspect().findings).toEqual([])
    await fill(1)
    expect(inspect()).toMatchObject({ findings: [], end: { n: 6 } })
  })

  it('a first head without a line is right', async () => {
    mkdirSync(folder(), { mode: 0o700 })
    const start = { n: 0, hash: '0'.repeat(64) }
    writeFileSync(file('head.json'), encodeHead(start, openIdentity(stateFolder)))
    await fill(1)
    expect(inspect()).toMatchObject({ findings: [], end: { n: 2 } })
  })

  it('a lock of a process that is gone is taken away, and one that is too old', async () => {
    await fill(1)
    const { pid } = spawnSync(process.execPath, ['-e', ''])
    for (const owner of [String(pid), '4194304999', 'x', '']) {
      writeFileSync(file('lock'), owner)
      await fill(1)
    }
    writeFileSync(file('lock'), String(process.ppid))
    utimesSync(file('lock'), 1, 1)
    mkdirSync(file('lock.stale'))
    utimesSync(file('lock.stale'), 1, 1)
    await fill(1)
    expect(inspect()).toMatchObject({ findings: [], end: { n: 12 } })
    expect(readdirSync(folder()).toSorted()).toEqual(['000001.jsonl', 'head.json'])
  })
})

describe('going on after a change', () => {
  it.each([
    ['the end was cut off', () => rewrite(linesOf().slice(0, 2)), 'lines had been taken away'],
    ['all files were taken away', () => rmSync(file()), 'lines had been taken away'],
    ['the last line was changed', () => rewrite(linesOf().with(3, '{}')), 'lines had been taken'],
    ['the head was taken away', () => rmSync(file('head.json')), 'head.json had been taken away'],
  ])('hides nothing where %s', async (_, change, text) => {
    await fill(2)
    change()
    await fill(1)
    await fill(1)
    expect(breaks().some((found) => found.includes(text))).toBe(true)
    expect(inspect().end.n).toBeGreaterThan(4)
  })

  it('waits for who holds the lock', async () => {
    await fill(1)
    const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    try {
      writeFileSync(file('lock'), String(holder.pid))
      const written = fill(1)
      await expect
        .poll(() => readdirSync(folder()).some((name) => name.startsWith('lock.')))
        .toBe(true)
      expect(linesOf()).toHaveLength(2)
      holder.kill()
      await once(holder, 'exit')
      await written
      expect(linesOf()).toHaveLength(4)
    } finally {
      holder.kill('SIGKILL')
    }
  })
})

describe('where it cannot be written', () => {
  it('says so, and works again once it can', async () => {
    writeFileSync(folder(), '')
    const writer = journal()
    await expect(writer.append(ASKED)).rejects.toThrow()
    rmSync(folder())
    expect(await writer.append(ASKED)).toBe(1)
  })

  it('takes the lines back where the head cannot follow', async () => {
    await fill(1)
    mkdirSync(file('head.json.new'))
    await expect(journal().append(ASKED)).rejects.toThrow(/EISDIR/)
    expect(linesOf()).toHaveLength(2)
    expect(existsSync(file('lock'))).toBe(false)
    rmSync(file('head.json.new'), { recursive: true })
    await fill(1)
    expect(inspect()).toMatchObject({ findings: [], end: { n: 4 } })
  })
})
