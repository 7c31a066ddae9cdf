/** The administrator's guide says nothing that the bridge does not know. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { HELP } from '../../packages/bridge/src/commands/usage.ts'
import { parseSettings } from '../../packages/bridge/src/settings/settings.ts'
import { ROOT } from './walls/tracked-files.ts'

const guide = readFileSync(path.join(ROOT, 'docs/admin.md'), 'utf8')
const LANGUAGES = guide.split(/^## /m).slice(1)
/** What the program itself answers, beside its commands. */
const OWN = ['--version', '--help']

/** `trien-bridge …` in code, without what follows in a shell. */
function findCommands(text: string): string[][] {
  const code = [...text.matchAll(/^```sh\n([^]*?)^```$|`([^`\n]+)`/gm)]
  const lines = code.flatMap(([, block, inline]) => (block ?? inline ?? '').split('\n'))
  return lines.flatMap((line) => {
    const words = /^trien-bridge\b([^#>|]*)/.exec(line)?.[1]?.trim()
    return words === undefined || words === '' ? [] : [words.split(/\s+/)]
  })
}

/** Words of a command that its help must name: verbs and options, not what is given to them. */
function findUnknown([verb = '', ...rest]: readonly string[]): string[] {
  if (OWN.includes(verb)) return []
  const help = HELP[verb]
  if (help === undefined) return [verb]
  const known = new Set(help.match(/--[a-z-]+|\b[a-z]+(?:-[a-z]+)*\b/g))
  return rest.filter((word) => /^(?:--)?[a-z-]+$/.test(word) && !known.has(word))
}

describe('the administrator’s guide', () => {
  it('is whole in Vietnamese and in English', () => {
    const [vietnamese = '', english = '', ...others] = LANGUAGES
    expect(others).toEqual([])
    const count = (text: string, pattern: RegExp): number => (text.match(pattern) ?? []).length
    for (const pattern of [/^### /gm, /^\|/gm, /^```/gm, /^- /gm]) {
      expect(count(vietnamese, pattern)).toBe(count(english, pattern))
    }
  })

  it.each(LANGUAGES.map((text) => [text.split('\n')[0] ?? '', text]))(
    'names only commands and options that there are: %s',
    (_language, text) => {
      const commands = findCommands(text)
      expect(commands.length).toBeGreaterThan(15)
      expect(commands.flatMap(findUnknown)).toEqual([])
      const verbs = commands.map(([verb]) => verb)
      expect(Object.keys(HELP).filter((verb) => !verbs.includes(verb))).toEqual([])
    },
  )

  it('misses a command, an option or a verb that there is not', () => {
    const sample =
      '`trien-bridge sign`, `trien-bridge doctor --loud` and `trien-bridge journal burn`'
    expect(findCommands(sample).flatMap(findUnknown)).toEqual(['sign', '--loud', 'burn'])
  })

  it('names only settings that there are', () => {
    const files = [...guide.matchAll(/^```json\n([^]*?)^```$/gm)].map(([, text = '']) => text)
    expect(files.length).toBeGreaterThanOrEqual(2)
    for (const file of files) expect(() => parseSettings(file, 'docs/admin.md')).not.toThrow()
  })
})
