import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { SignedFile } from '../helpers/referees/index.ts'
import { SYSTEM_REFEREES, presentReferees } from '../helpers/referees/index.ts'
import { hasTools } from '../helpers/tools.ts'
import { listDeclared, listProperties, listValues } from './guides/properties-of.ts'
import { type Guide, type Judged, readGuides } from './guides/read-guide.ts'
import { ROOT } from './walls/tracked-files.ts'

const guides = readGuides()
const PORTAL = path.join(ROOT, 'test/helpers/guide-portal.ts')

type Exports = Readonly<Record<string, unknown>>

describe.each(guides.map((guide) => [guide.name, guide] as const))(
  'docs/formats/%s',
  (_, guide) => {
    it('has the parts that every page has', () => {
      const headings = [...guide.text.matchAll(/^#+ .*$/gm)].map(([heading]) => heading)
      expect(headings[0]).toMatch(/^# /)
      expect(headings).toEqual(
        expect.arrayContaining(['## Example', '## Options', '## Rules', '## Refused']),
      )
      expect(guide.options.length).toBeGreaterThan(0)
      expect(guide.judged.length).toBeGreaterThan(0)
    })

    it('imports in its example what a portal can', () => {
      const imported = [...guide.example.matchAll(/(?:from|import) '([^']+)'/g)].map(([, id]) => id)
      expect(imported.some((id) => id?.startsWith('@trien/sdk'))).toBe(true)
      expect(
        imported.filter((id) => !/^(@trien\/sdk(\/[\w-]+)?|\.\/portal\.js)$/.test(id ?? '')),
      ).toEqual([])
    })

    it('lists the options that there are', () => {
      const told = guide.options.map(({ names, listed }) => [names, [...listed].sort()])
      const properties = listProperties(guide.options)
      expect(told).toEqual(
        guide.options.map(({ names }, index) => [names, [...(properties[index] ?? [])].sort()]),
      )
    })

    it('names the values that an option can have', () => {
      // Names of algorithms are put together: RS, PS or ES with 256, 384 or 512.
      const values = listValues(guide.options).filter((value) => !/^[REP]S\d{3}$/.test(value))
      const missing = values.filter((value) => !new RegExp(`\\W${value}\\W`).test(guide.text))
      expect([...new Set(missing)]).toEqual([])
    })

    describe.runIf(hasTools('openssl'))('its example', () => {
      let made: Exports
      let portal: Exports & {
        readonly folder: string
        readonly authority: { certificateFile: string }
      }

      beforeAll(async () => {
        portal = (await import(PORTAL)) as typeof portal
        made = await run(guide)
      })

      it.each(guide.judged)('makes $result, which is $kind at $level', async (judged) => {
        const file = await write(judged, { ...portal, ...made }, portal.folder)
        const judges = SYSTEM_REFEREES.filter(({ kinds }) => kinds.includes(file.kind))
        const verdicts = []
        for (const referee of presentReferees(judges)) {
          verdicts.push(...(await referee.judge([file], portal.authority.certificateFile)))
        }
        expect(verdicts.filter(({ accepted }) => !accepted)).toEqual([])
      })
    })
  },
)

/** What calls take besides what is called options. */
const PARTS = new Set([
  ...['Appearance', 'AppearanceContent', 'AsicFile', 'BatchItem', 'DetachedDocument', 'FieldLock'],
  ...['JsonDocument', 'Place', 'ProfileChoice', 'SeedValue', 'TextContent'],
])
const TEMPLATES = 'packages/sdk/src/pades/appearance/templates.ts'

describe('the pages together', () => {
  it('name every option of every call that signs, builds on what is signed, or asks authorities', () => {
    const faces = ['packages/sdk/src/index.ts', 'packages/sdk/src/node/index.ts']
    const declared = faces.flatMap((face) => listDeclared(face))
    const wanted = declared.filter(({ name, file }) => {
      const isOfFormats = /^packages\/sdk\/src\/(sign|http|node)\//.test(file)
      const isTemplate = file === TEMPLATES && name !== 'PlacedAppearance'
      return isTemplate || PARTS.has(name) || (isOfFormats && name.endsWith('Options'))
    })
    expect(wanted.length).toBeGreaterThan(35)
    const told = new Set(guides.flatMap(({ options }) => options.flatMap(({ names }) => names)))
    expect(wanted.map(({ name }) => name).filter((name) => !told.has(name))).toEqual([])
  })
})

/** Runs an example as a module of its own. */
async function run(guide: Guide): Promise<Exports> {
  // Below test/, where @trien/sdk is installed.
  mkdirSync(path.join(ROOT, 'test/out'), { recursive: true })
  const place = mkdtempSync(path.join(ROOT, 'test/out/guide-'))
  writeFileSync(path.join(place, 'portal.js'), `export * from ${JSON.stringify(PORTAL)}\n`)
  const module = path.join(place, 'example.js')
  writeFileSync(module, guide.example)
  try {
    return (await import(module)) as Exports
  } finally {
    rmSync(place, { recursive: true })
  }
}

async function write(judged: Judged, values: Exports, folder: string): Promise<SignedFile> {
  const { kind, level, result, data } = judged
  const place = mkdtempSync(path.join(folder, 'judged-'))
  const signature = path.join(place, result)
  writeFileSync(signature, await bytesOf(values[result]))
  if (data !== undefined) writeFileSync(path.join(place, 'data'), await bytesOf(values[data]))
  const beside = data === undefined ? {} : { data: path.join(place, 'data') }
  return { kind, level, signature, ...beside } as SignedFile
}

async function bytesOf(value: unknown): Promise<Uint8Array> {
  if (value instanceof Blob) return new Uint8Array(await value.arrayBuffer())
  if (value instanceof Uint8Array && value.length > 0) return value
  throw new Error('an export that is neither bytes nor a Blob')
}
