/**
 * The faces of macOS and Windows at the interface that they are written to: programs that stand for osascript and
 * powershell, and osascript's script run against doubles of its host. Nobody has run them on the real systems yet.
 */
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import type { DialogProgram } from './dialog-program.ts'
import type { Asking, SecretWords, Words } from './face.ts'
import { OSASCRIPT, OSASCRIPT_DIALOG } from './osascript.ts'
import { findPowershell } from './powershell.ts'
import { createProgramFace } from './program-face.ts'

const HOSTILE = [
  '"; do shell script "touch /tmp/x"; "',
  "'; Start-Process calc; '",
  '$(calc) `calc` %COMSPEC% \\ \\" \\n',
  'Đơn đề nghị cấp “giấy phép” – năm 2026',
]
const words: Words = {
  language: 'vi',
  title: 'Trien – Ký số',
  heading: 'dichvucong.gov.vn',
  lines: HOSTILE,
  warnings: ['LẦN THỬ CUỐI'],
  accept: 'Ký',
  refuse: 'Không ký',
}
const secretWords: SecretWords = { ...words, label: 'Mã PIN:', notice: 'Chưa nhập.' }
const asking = (signal = new AbortController().signal, timeoutMs = 5_000): Asking => ({
  signal,
  timeoutMs,
  announcePage: () => {},
})

/** A program that answers by a script of Node; `ask` is what it was told. */
function double(body: string): DialogProgram {
  const frame = `
    const chunks = []
    const say = (answer) => process.stdout.write(Buffer.from(JSON.stringify(answer)).toString('base64'))
    process.stdin.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
      const ask = JSON.parse(Buffer.from(String(Buffer.concat(chunks)), 'base64').toString('utf8'))
      ${body}
    })`
  return { program: process.execPath, args: ['-e', frame] }
}
const answering = (answer: object): DialogProgram => double(`say(${JSON.stringify(answer)})`)

describe('a face made of a program', () => {
  test('tells it all words as data, hostile ones unchanged', async () => {
    const face = createProgramFace(
      double('say({ outcome: "accepted", secret: JSON.stringify(ask) })'),
    )
    const told = JSON.parse(await face.askSecret(secretWords, asking())) as object
    expect(told).toEqual({
      title: words.title,
      heading: words.heading,
      text: [...HOSTILE, '', 'Chưa nhập.', 'LẦN THỬ CUỐI'].join('\n'),
      label: 'Mã PIN:',
      accept: 'Ký',
      refuse: 'Không ký',
      timeoutSeconds: 5,
    })
  })

  test.each(['123456', '', 'mật "khẩu" \\ %0A', ' 12 '])(
    'gives the secret as typed: %j',
    async (pin) => {
      const face = createProgramFace(answering({ outcome: 'accepted', secret: pin }))
      expect(await face.askSecret(secretWords, asking())).toBe(pin)
    },
  )

  test('gives yes and no', async () => {
    expect(
      await createProgramFace(answering({ outcome: 'accepted' })).confirm(words, asking()),
    ).toBe(true)
    expect(
      await createProgramFace(answering({ outcome: 'refused' })).confirm(words, asking()),
    ).toBe(false)
  })

  test.each([
    [{ outcome: 'refused' }, 'USER_CANCELLED'],
    [{ outcome: 'cancelled' }, 'USER_CANCELLED'],
    [{ outcome: 'timeout' }, 'USER_TIMEOUT'],
    [{ outcome: 'accepted' }, 'BRIDGE_NO_PROMPT'],
    [{ outcome: 'signed', secret: '123456' }, 'BRIDGE_NO_PROMPT'],
  ])('reads %j as %s', async (answer, code) => {
    const asked = createProgramFace(answering(answer)).askSecret(secretWords, asking())
    await expect(asked).rejects.toMatchObject({ code })
  })

  test.each([
    ['ends without a word', double('process.exit(3)')],
    ['says something else', double('process.stdout.write("123456")')],
    ['never stops talking', double('setInterval(() => process.stdout.write("A".repeat(9999)), 1)')],
    ['does not exist', { program: '/nowhere/osascript', args: [] }],
  ])('is no prompt where the program %s; no secret is in the error', async (_, program) => {
    const error: unknown = await createProgramFace(program)
      .askSecret(secretWords, asking())
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'BRIDGE_NO_PROMPT' })
    expect(String((error as Error).stack)).not.toContain('123456')
  })

  test('ends the program when the page goes', async () => {
    const page = new AbortController()
    const face = createProgramFace(double('setInterval(() => {}, 1000)'))
    const asked = face.confirm(words, asking(page.signal))
    page.abort(new Error('page closed'))
    await expect(asked).rejects.toThrow('page closed')
    await expect(face.confirm(words, asking(page.signal))).rejects.toThrow('page closed')
  })
})

describe('what is on the command lines', () => {
  test('is fixed: one script, nothing of a question', () => {
    expect(OSASCRIPT.args).toEqual(['-l', 'JavaScript', '-e', OSASCRIPT_DIALOG])
    const { program, args } = findPowershell({ SystemRoot: 'D:\\Win' })
    expect(program).toBe('D:\\Win\\System32\\WindowsPowerShell\\v1.0\\powershell.exe')
    // Windows takes no longer line.
    expect([program, ...args].join(' ').length).toBeLessThan(32_000)
    const script = Buffer.from(args.at(-1)!, 'base64').toString('utf16le')
    expect(script).toContain('UseSystemPasswordChar = $true')
    expect(script).not.toMatch(/Invoke-Expression|iex /i)
  })
})

describe('the script of osascript', () => {
  const ask = {
    title: 't',
    heading: 'h',
    text: HOSTILE.join('\n'),
    label: 'PIN' as string | null,
    accept: 'Ký',
    refuse: 'Không ký',
    timeoutSeconds: 9,
  }
  type Shown = [text: string, options: Record<string, unknown>]

  /** Runs the script as macOS would, with a person who does `reply`. */
  function show(told: typeof ask, reply: () => object): { answer: object; shown: Shown } {
    let shown: Shown | undefined
    const app = {
      includeStandardAdditions: false,
      activate: () => {},
      displayDialog: (...args: Shown) => ((shown = args), reply()),
    }
    const bytes = (buffer: Buffer): object => ({
      buffer,
      base64EncodedStringWithOptions: () => buffer.toString('base64'),
    })
    const host = {
      ObjC: { import: () => {}, unwrap: (value: unknown) => value },
      Application: { currentApplication: () => app },
      $: {
        NSUTF8StringEncoding: 4,
        NSFileHandle: {
          fileHandleWithStandardInput: {
            readDataToEndOfFile: bytes(
              Buffer.from(`${Buffer.from(JSON.stringify(told)).toString('base64')}\n`),
            ),
          },
        },
        NSString: {
          alloc: {
            initWithDataEncoding: ({ buffer }: { buffer: Buffer }) => buffer.toString('utf8'),
            initWithUTF8String: (text: string) => ({
              dataUsingEncoding: () => bytes(Buffer.from(text)),
            }),
          },
        },
        NSData: {
          alloc: {
            initWithBase64EncodedStringOptions: (text: string) =>
              bytes(Buffer.from(text, 'base64')),
          },
        },
      },
    }
    const output = runInNewContext(`${OSASCRIPT_DIALOG}\nrun()`, host) as string
    return { answer: JSON.parse(Buffer.from(output, 'base64').toString()) as object, shown: shown! }
  }
  const pressed =
    (buttonReturned: string, textReturned = '') =>
    () => ({
      buttonReturned,
      textReturned,
      gaveUp: false,
    })

  test('hides the answer and gives it as typed', () => {
    const { answer, shown } = show(ask, pressed('Ký', '12"34'))
    expect(answer).toEqual({ outcome: 'accepted', secret: '12"34' })
    expect(shown[0]).toBe(`h\n${ask.text}\n\nPIN`)
    expect(shown[1]).toMatchObject({ hiddenAnswer: true, defaultAnswer: '', givingUpAfter: 9 })
  })

  test('refuses a yes-or-no by Return, by Escape and by its button', () => {
    const { answer, shown } = show({ ...ask, label: null }, pressed('Không ký'))
    expect(answer).toEqual({ outcome: 'refused' })
    expect(shown[1]).toMatchObject({
      buttons: ['Không ký', 'Ký'],
      defaultButton: 1,
      cancelButton: 1,
    })
    expect(shown[1]).not.toHaveProperty('hiddenAnswer')
    const escape = (): never => {
      throw Object.assign(new Error('User canceled.'), { errorNumber: -128 })
    }
    expect(show(ask, escape).answer).toEqual({ outcome: 'refused' })
  })

  test('tells a timeout', () => {
    const gaveUp = () => ({ buttonReturned: '', textReturned: '12', gaveUp: true })
    expect(show(ask, gaveUp).answer).toEqual({ outcome: 'timeout' })
  })
})
