import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signOffice } from '@trien/sdk/ooxml'
import type { Signer } from '@trien/sdk/types'
import { upgrade } from '@trien/sdk/upgrade'
import { type TestAuthority, createTestAuthority } from '../helpers/pki.ts'
import { ALL_REFEREES, type Verdict, presentReferees } from '../helpers/referees/index.ts'
import {
  libreOffice,
  makeByLibreOffice,
  signByLibreOffice,
} from '../helpers/referees/libreoffice.ts'
import {
  type OfficeFile,
  makeByPoi,
  poi,
  signByPoi,
  withTamperedPart,
} from '../helpers/referees/poi.ts'
import { PYTHON } from '../helpers/referees/pyhanko.ts'
import { runTool } from '../helpers/referees/tool.ts'
import { softwareSignerOf } from '../helpers/software-signer.ts'

/** Core validation and manifests: DSS would say a level, which signatures of others have none of. */
const referees = presentReferees(ALL_REFEREES).filter(
  ({ name, kinds }) => kinds.includes('ooxml') && name !== 'dss',
)
const ENDINGS = ['docx', 'xlsx', 'pptx']
const SCRIPT = fileURLToPath(new URL('../helpers/referees/python/write_office.py', import.meta.url))

/** Who makes files: each has styles, headers, links, themes or layouts of its own. */
const MAKERS: Readonly<Record<string, (files: readonly string[]) => Promise<unknown>>> = {
  'Apache POI': (files) => Promise.all(files.map(makeByPoi)),
  LibreOffice: makeByLibreOffice,
  'python-docx and its like': async (files) => {
    const { status, stderr } = await runTool(PYTHON, [SCRIPT, ...files])
    if (status !== 0) throw new Error(stderr)
  },
}

describe.runIf([poi, libreOffice].every((one) => one.missing() === undefined))(
  'files of real programs',
  () => {
    let folder: string
    let authority: TestAuthority
    let signer: Signer
    /** By what was done to them. */
    const files = new Map<string, OfficeFile>()
    const verdicts = new Map<string, readonly (readonly [good: Verdict, tampered: Verdict])[]>()

    const place = (name: string, ending: string) => path.join(folder, `${name}.${ending}`)
    const keep = async (name: string, ending: string, file: Uint8Array) => {
      const where = place(name.replaceAll(' ', '-'), ending)
      await writeFile(where, file)
      files.set(`${name}: ${ending}`, await withTamperedPart(where))
    }
    const readBytes = async (file: string) => new Uint8Array(await readFile(file))

    const signAll = async (maker: string) => {
      const made = ENDINGS.map((ending) => place(`made-by-${maker}`, ending))
      await MAKERS[maker]?.(made)
      for (const [index, file] of made.entries()) {
        const signed = await signOffice(await readBytes(file), { signer })
        await keep(`of ${maker}`, ENDINGS[index]!, signed)
      }
      return made
    }

    const signBesidePoi = async () => {
      const timestamp = authority.openTimestamps()
      const { keyFile: key, certificateFile: certificate } = authority.issue('RSA-2048', 'poi')
      const identity = { key, certificate, caFile: authority.certificateFile }
      for (const ending of ENDINGS) {
        await signByPoi(identity, place('poi', ending))
        const both = await signOffice(await readBytes(place('poi', ending)), { signer })
        await keep('beside POI', ending, both)
        await keep('beside POI, stamped', ending, await upgrade(both, { to: 'B-T', timestamp }))
      }
    }

    const signBesideLibreOffice = async (made: readonly string[]) => {
      const { keyFile: key, certificateFile: certificate } = authority.issue('RSA-2048', 'office')
      const identity = { key, certificate, caFile: authority.certificateFile }
      const copies = ENDINGS.map((ending) => place('libreoffice', ending))
      await Promise.all(made.map((file, index) => copyFile(file, copies[index]!)))
      await signByLibreOffice(identity, copies)
      for (const [index, ending] of ENDINGS.entries()) {
        const both = await signOffice(await readBytes(copies[index]!), { signer })
        await keep('beside LibreOffice', ending, both)
      }
    }

    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'trien-office-'))
      authority = createTestAuthority(folder)
      signer = await softwareSignerOf(authority.issue('P-256', 'signer'), 'ES256', authority)
      await signAll('Apache POI')
      await signAll('LibreOffice')
      await signBesideLibreOffice(await signAll('python-docx and its like'))
      await signBesidePoi()
      const all = [...files.values()]
      const tampered = all.map((file) => ({ ...file, signature: file.tampered }))
      for (const referee of referees) {
        const said = await referee.judge([...all, ...tampered], authority.certificateFile)
        for (const [index, name] of [...files.keys()].entries()) {
          const pair = [said[index]!, said[all.length + index]!] as const
          verdicts.set(name, [...(verdicts.get(name) ?? []), pair])
        }
      }
    }, 300_000)
    afterAll(() => rm(folder, { recursive: true, force: true }))

    const agreed = (name: string) => {
      const found = verdicts.get(name) ?? []
      expect(found.length).toBe(referees.length)
      expect(found.filter(([good, tampered]) => !good.accepted || tampered.accepted)).toEqual([])
    }

    test.each(Object.keys(MAKERS).flatMap((maker) => ENDINGS.map((ending) => [ending, maker])))(
      'a %s of %s is signed',
      (ending, maker) => agreed(`of ${maker}: ${ending}`),
    )

    test.each(ENDINGS)(
      'a %s is signed beside a signature of POI, and both are stamped',
      (ending) => {
        agreed(`beside POI: ${ending}`)
        agreed(`beside POI, stamped: ${ending}`)
      },
    )

    // It hashes the line that it ends its relationships with, and so refuses every signature but its own (see its wrapper);
    // what can be asked is that ours leaves that one good.
    test.each(ENDINGS)('a %s is signed beside a signature of LibreOffice', (ending) => {
      const found = verdicts.get(`beside LibreOffice: ${ending}`) ?? []
      const said = found.flat().filter(({ referee }) => referee === 'libreoffice')
      const own = said.map(({ summary }) =>
        /thử office,[^;]*: (valid \w+, certificate \d)/.exec(summary),
      )
      expect(own.map((match) => match?.[1])).toEqual([
        'valid True, certificate 0',
        'valid False, certificate 0',
      ])
    })
  },
)
