import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signOffice } from '@trien/sdk/ooxml'
import type { Signer } from '@trien/sdk/types'
import { upgrade } from '@trien/sdk/upgrade'
import { createTestAuthority } from '../helpers/pki.ts'
import { ALL_REFEREES, presentReferees } from '../helpers/referees/index.ts'
import { makeByPoi, poi, signByPoi, withTamperedPart } from '../helpers/referees/poi.ts'
import { softwareSignerOf } from '../helpers/software-signer.ts'

/** Core validation and manifests: DSS would say a level, which POI's own signatures have none of. */
const referees = presentReferees(ALL_REFEREES).filter(
  ({ name, kinds }) => kinds.includes('ooxml') && name !== 'dss',
)

/** Files that Apache POI made: with styles, headers, links, themes, layouts, thumbnails. */
describe.runIf(poi.missing() === undefined).each(['docx', 'xlsx', 'pptx'])(
  'a %s of Apache POI',
  (ending) => {
    let folder: string
    let caFile: string
    let signer: Signer
    let made: Uint8Array
    let signed: Uint8Array
    let timestamp: ReturnType<ReturnType<typeof createTestAuthority>['openTimestamps']>

    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'trien-office-'))
      const authority = createTestAuthority(folder)
      caFile = authority.certificateFile
      timestamp = authority.openTimestamps()
      signer = await softwareSignerOf(authority.issue('P-256', 'signer'), 'ES256', authority)
      const files = ['made', 'signed'].map((name) => path.join(folder, `${name}.${ending}`)) as [
        string,
        string,
      ]
      await makeByPoi(files[0])
      const { keyFile: key, certificateFile: certificate } = authority.issue('RSA-2048', 'poi')
      await signByPoi({ key, certificate, caFile }, files[1])
      ;[made, signed] = (await Promise.all(files.map((file) => readFile(file)))) as [Buffer, Buffer]
    }, 120_000)
    afterAll(() => rm(folder, { recursive: true, force: true }))

    const judge = async (name: string, file: Uint8Array) => {
      const place = path.join(folder, `${name}.${ending}`)
      await writeFile(place, file)
      const good = await withTamperedPart(place)
      for (const referee of referees) {
        const files = [good, { ...good, signature: good.tampered }]
        const verdicts = await referee.judge(files, caFile)
        expect(
          verdicts.map(({ accepted }) => accepted),
          JSON.stringify(verdicts),
        ).toEqual([true, false])
      }
    }

    test('is signed', async () => {
      await judge('once', await signOffice(new Uint8Array(made), { signer }))
    })

    test('is signed beside the signature of POI, and both are stamped', async () => {
      const both = await signOffice(new Uint8Array(signed), { signer })
      await judge('both', both)
      await judge('stamped', await upgrade(both, { to: 'B-T', timestamp }))
    })
  },
)
