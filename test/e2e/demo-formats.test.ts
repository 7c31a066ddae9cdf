/** Word and XML files in the demo portal, in a real browser: signed inside the file, one alone or beside others. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasChromium } from '../helpers/chromium.ts'
import { type DemoDesk, openDemoDesk } from '../helpers/demo-desk.ts'
import { type DemoPortal, openPortal } from '../helpers/demo-portal.ts'
import { WORD, zipOffice } from '../helpers/office-file.ts'
import { xmlsec } from '../helpers/referees/xmlsec.ts'
import { hasTools } from '../helpers/tools.ts'

const isPossible = hasChromium() && hasTools('xmlsec1', 'unzip')
const XML =
  '<?xml version="1.0" encoding="UTF-8"?>\n<toKhai><hoTen>Nguyễn Thị Ánh</hoTen></toKhai>\n'

describe.skipIf(!isPossible)('files that are signed inside, in the demo portal', () => {
  let desk: DemoDesk
  let portal: DemoPortal

  beforeAll(async () => {
    desk = await openDemoDesk()
  })
  afterAll(() => desk?.close())
  beforeEach(async () => {
    portal = await openPortal(desk.browser, desk.bridge.port)
  })
  afterEach(() => portal.close())

  const signOne = async (file: string): Promise<string> => {
    await portal.chooseFile(file)
    await portal.openSigning()
    await portal.page.locator('#sign').click()
    return portal.download('#download')
  }
  const judgeXml = async (signature: string) => {
    const tampered = desk.write('tampered.xml', '')
    return (await xmlsec.judge([{ kind: 'xades', signature, tampered }], desk.caFile))[0]
  }
  /** The parts of a package, each of which unzip finds whole. */
  const listParts = (file: string): string => execFileSync('unzip', ['-t', file]).toString()
  const readFacts = (): Promise<string> =>
    portal.page.$eval('#result-facts', (facts) => (facts as HTMLElement).innerText)

  it('XML is signed by one and then by the next, and xmlsec1 accepts both', async () => {
    const first = await signOne(desk.write('tờ khai.xml', XML))
    expect(path.basename(first)).toBe('kept-tờ khai-signed.xml')
    expect(await readFacts()).toContain('XAdES B-B (XML)')
    await portal.show('done-xml')
    expect(await judgeXml(first)).toMatchObject({ accepted: true })
    const again = desk.write('lần hai.xml', readFileSync(first))
    await portal.page.locator('#again').click()
    const second = await signOne(again)
    const verdict = await judgeXml(second)
    expect(verdict).toMatchObject({ accepted: true })
    expect(portal.faults()).toEqual([])
  })

  it('a Word file takes its signature, alone or beside XML and text', async () => {
    const word = desk.write('công văn.docx', zipOffice(WORD))
    const alone = await signOne(word)
    expect(await portal.page.$eval('#download', ({ textContent }) => textContent)).toBe(
      'Tải DOCX đã ký',
    )
    expect(listParts(alone)).toMatch(/_xmlsignatures\/sig1\.xml\s+OK/)
    await portal.page.locator('#again').click()

    await portal.chooseFile(
      word,
      desk.write('biểu mẫu.xml', XML),
      desk.write('thư.txt', 'Kính gửi'),
    )
    await portal.openSigning()
    await portal.page.locator('#sign').click()
    await portal.page.locator('#result-list li:nth-child(3) a').wait()
    await portal.show('several-formats')
    const signed = await portal.download('#result-list li:nth-child(1) a')
    expect(listParts(signed)).toMatch(/_xmlsignatures\/sig1\.xml\s+OK/)
    const xml = await portal.download('#result-list li:nth-child(2) a')
    expect(await judgeXml(xml)).toMatchObject({ accepted: true })
    expect(await portal.page.$eval('#files-note', (note) => note.hasAttribute('hidden'))).toBe(
      false,
    )
    expect(portal.faults()).toEqual([])
  })
})
