/**
 * Real pinentries in windows, on screens of 1024×768 and 1366×768: what a person sees is kept as pictures in
 * out/screenshots/prompt, to be looked at; what needs no eyes is asserted.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createPinentryFace } from '../../packages/bridge/src/prompt/pinentry.ts'
import { createPrompt } from '../../packages/bridge/src/prompt/prompt.ts'
import type { Prompt, SignQuestion } from '../../packages/bridge/src/prompt/types.ts'
import { hasTools } from '../helpers/tools.ts'

const PICTURES = fileURLToPath(new URL('../../out/screenshots/prompt', import.meta.url))
const PIN = 'mk 12%34'
const one: SignQuestion = {
  kind: 'sign',
  origin: 'https://portal.dichvucong.gov.vn',
  language: 'vi',
  documents: [
    {
      name: 'Đơn đề nghị cấp giấy phép xây dựng.pdf',
      size: 24_310,
      digestHex: '3f2a91bc77e01d44'.repeat(4),
    },
  ],
  certificate: {
    holder: 'NGUYỄN THỊ MINH NGUYỆT',
    organization: 'SỞ TƯ PHÁP TỈNH BÀ RỊA – VŨNG TÀU',
    issuer: 'TRIEN TEST CA',
    notAfter: '2027-12-31T00:00:00.000Z',
    validity: { state: 'valid', daysLeft: 400 },
  },
  tokenLabel: 'Token của Nguyệt',
  tokenSerial: '5401A2',
  pinState: 'ok',
  wrongPins: 0,
  asksPin: true,
  announcePage: () => {},
}
const forty: SignQuestion = {
  ...one,
  documents: Array.from({ length: 40 }, (_, index) => ({
    ...one.documents[0]!,
    name: `Hồ sơ số ${index + 1} – quyết định phê duyệt quy hoạch chi tiết.pdf`,
  })),
}
const long = (text: string): string => text.repeat(20).slice(0, 250)
const longNames: SignQuestion = {
  ...one,
  origin: `https://${'mot-ten-rat-dai.'.repeat(10)}dichvucong.gov.vn`,
  documents: [{ ...one.documents[0]!, name: `${long('Tờ trình về việc ')}.pdf` }],
  certificate: {
    ...one.certificate,
    holder: long('NGUYỄN THỊ '),
    organization: long('ỦY BAN NHÂN DÂN '),
    issuer: long('CƠ QUAN CHỨNG THỰC '),
  },
  tokenLabel: long('Token '),
}

/** As much as may have to be said at once. */
const warned: SignQuestion = {
  ...one,
  certificate: { ...one.certificate, validity: { state: 'soon', daysLeft: 12 } },
  mustChangePin: true,
  namesNoCertificate: true,
  said: ['a', 'b', 'c'].map((letter) => ({
    commitment: 'approval' as const,
    roles: Array.from({ length: 4 }, () => long(`TM. ỦY BAN NHÂN DÂN ${letter} `)),
    place: [long('Thừa Thiên '), 'VN'],
  })),
}

const SCREENS = [
  [1024, 768],
  [1366, 768],
] as const
const CASES = ['/usr/bin/pinentry-gtk-2', '/usr/bin/pinentry-qt'].flatMap((program) =>
  SCREENS.map(([width, height]) => ({ program, name: path.basename(program), width, height })),
)

describe.each(CASES)('$name on $width×$height', ({ program, name, width, height }) => {
  const isThere = hasTools(program, 'Xvfb', 'xdotool', 'import')
  let server: ChildProcess
  let display: string

  beforeAll(async () => {
    if (!isThere) return
    mkdirSync(PICTURES, { recursive: true })
    const screen = ['-screen', '0', `${width}x${height}x24`, '-noreset', '-nolisten', 'tcp']
    server = spawn('Xvfb', ['-displayfd', '3', ...screen], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    })
    const [number] = (await once(server.stdio[3]!, 'data')) as [Buffer]
    display = `:${number.toString().trim()}`
  })
  afterAll(async () => {
    if (!isThere) return
    server.kill('SIGTERM')
    await once(server, 'exit')
  })

  const env = () => ({ ...process.env, DISPLAY: display, WAYLAND_DISPLAY: '', LANG: 'C.UTF-8' })
  const run = (tool: string, ...args: string[]): string =>
    execFileSync(tool, args, { env: env(), encoding: 'utf8', timeout: 20_000 }).trim()
  const newPrompt = (): Prompt => createPrompt(createPinentryFace({ program, env: env() }))
  const findWindow = (): string => {
    try {
      return run('xdotool', 'search', '--onlyvisible', '--name', '^Trien').split('\n')[0] ?? ''
    } catch {
      return ''
    }
  }
  /** Waits for a dialog, sees that all of it is on the screen, and keeps a picture of it. */
  async function look(picture: string): Promise<void> {
    await expect.poll(findWindow, { timeout: 20_000 }).not.toBe('')
    const window = findWindow()
    run('xdotool', 'windowfocus', '--sync', window)
    const shape = run('xdotool', 'getwindowgeometry', '--shell', window)
    const read = (key: string): number =>
      Number(new RegExp(`^${key}=(-?\\d+)$`, 'm').exec(shape)?.[1])
    run('import', '-window', 'root', path.join(PICTURES, `${name}-${width}-${picture}.png`))
    expect(read('X')).toBeGreaterThanOrEqual(0)
    expect(read('Y')).toBeGreaterThanOrEqual(0)
    expect(read('X') + read('WIDTH')).toBeLessThanOrEqual(width)
    expect(read('Y') + read('HEIGHT')).toBeLessThanOrEqual(height)
  }
  /** Aborts when the test is over, so that a failed one leaves no dialog to the next. */
  const leaving = (): AbortSignal => {
    const page = new AbortController()
    onTestFinished(() => page.abort())
    return page.signal
  }
  const untilGone = (): Promise<void> => expect.poll(findWindow, { timeout: 20_000 }).toBe('')

  it.runIf(isThere).each([
    ['one', one],
    ['forty', forty],
    ['long-names', longNames],
    ['long-names-en', { ...longNames, language: 'en' }],
    ['low', { ...forty, pinState: 'low' }],
    [
      'claims',
      { ...one, said: [{ commitment: 'approval', roles: ['KT. CHỦ TỊCH'], place: ['Huế', 'VN'] }] },
    ],
    ['warned', warned],
    [
      'warned-long',
      {
        ...longNames,
        ...warned,
        certificate: { ...longNames.certificate, validity: { state: 'expired', daysLeft: -3 } },
        pinState: 'low',
        isBlind: true,
      },
    ],
  ] as const)('shows all of %s, and gives the PIN as typed', async (picture, question) => {
    const answer = newPrompt().askSign(question, leaving())
    await look(picture)
    run('xdotool', 'type', '--delay', '20', PIN)
    run('xdotool', 'key', 'Return')
    expect(await answer).toBe(PIN)
    await untilGone()
  })

  it.runIf(isThere)('asks before a last try, where Return goes back', async () => {
    const last: SignQuestion = { ...one, pinState: 'final' }
    const answer = newPrompt().askSign(last, leaving())
    await look('last-try')
    run('xdotool', 'key', 'Return')
    await expect(answer).rejects.toMatchObject({ code: 'USER_CANCELLED' })
    await untilGone()
  })

  it.runIf(isThere)(
    'asks for the list, where Return refuses and the other button is a Tab away',
    async () => {
      const page = new AbortController()
      const refused = newPrompt().confirmList({ ...one, kind: 'list' }, page.signal)
      await look('list')
      run('xdotool', 'key', 'Return')
      await expect(refused).rejects.toMatchObject({ code: 'USER_DENIED' })
      await untilGone()
      const allowed = newPrompt().confirmList({ ...one, kind: 'list' }, page.signal)
      await look('list')
      run('xdotool', 'key', 'Tab', 'space')
      await expect(allowed).resolves.toBeUndefined()
      await untilGone()
    },
  )

  it.runIf(isThere)('goes away with the page', async () => {
    const page = new AbortController()
    const answer = newPrompt().askSign(one, page.signal)
    await look('one')
    page.abort(new Error('page closed'))
    await expect(answer).rejects.toThrow('page closed')
    await untilGone()
  })
})
