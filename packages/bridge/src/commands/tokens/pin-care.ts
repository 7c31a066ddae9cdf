/**
 * `trien-bridge tokens change-pin` and `unblock`: what a page may ask for, asked by the person, on the same path. Every
 * secret is typed into the prompt; none is an argument, and none comes on stdin.
 * @module
 */
import { type Language, TokenError, UserError, isSigningError } from '@trien/sdk/errors'
import { describeError } from '@trien/sdk/error-texts'
import type { PinCareConfig } from '../../config/tokens.ts'
import { findLanguage } from '../../doctor/language.ts'
import { CommandFailure } from '../../failure.ts'
import { createJournal } from '../../journal/journal.ts'
import { log } from '../../log.ts'
import { createPinMemory } from '../../pin-memory.ts'
import { createPinTurn } from '../../pin-turn.ts'
import { plainLine } from '../../plain-text.ts'
import { type ChosenPrompt, choosePrompt } from '../../prompt/choose.ts'
import { runPinCare } from '../../server/pin-care.ts'
import { findStateFolder } from '../../state-folder.ts'
import type { ModuleSource } from '../../token/supervisor.ts'
import type { TokenDescription } from '../../token/types.ts'
import { type TokenPlace, chooseToken } from './choose-token.ts'

/** A page's dialog is not waited for: the person who typed this sees it. */
const PATIENCE_MS = 2_000

interface OpenPlace extends TokenPlace {
  readonly source: ModuleSource
}

/**
 * Asks the person and the token.
 * @param sources of the modules to look for the token in
 * @throws {CommandFailure} whatever keeps it from being done, with what to do
 */
export async function careForPin(
  config: PinCareConfig,
  sources: readonly ModuleSource[],
): Promise<void> {
  const language = config.language ?? findLanguage(process.env)
  const { prompt, way } = await choosePrompt({
    pinentry: config.pinentry,
    env: process.env,
    platform: process.platform,
    page: undefined,
  })
  if (way === undefined) throw new CommandFailure(...NO_WAY[language])
  const signal = signalOfPerson()
  try {
    const places = await findPlaces(sources, signal)
    const { source, seen } = chooseToken(places, {
      wanted: config.token,
      deed: config.deed,
      language,
    })
    const turn = createPinTurn(findStateFolder, PATIENCE_MS)
    await turn.take(source.name, signal, () =>
      care({ config, language, source, named: seen.token, prompt, signal }),
    )
    log(DONE[language][config.deed](plainLine(seen.token.label)))
  } catch (error) {
    throw isSigningError(error) ? new CommandFailure(...explain(error, language)) : error
  }
}

interface Care {
  readonly config: PinCareConfig
  readonly language: Language
  readonly source: ModuleSource
  readonly named: TokenDescription
  readonly prompt: ChosenPrompt['prompt']
  readonly signal: AbortSignal
}

async function care({ config, language, source, named, prompt, signal }: Care): Promise<void> {
  // Before the turn had come, another program may have spent tries.
  const token = (await source.describe(signal))
    .map((seen) => seen.token)
    .find(
      ({ serial, manufacturer, label }) =>
        serial === named.serial && manufacturer === named.manufacturer && label === named.label,
    )
  if (token === undefined) throw new TokenError('TOKEN_REMOVED')
  await runPinCare(
    {
      deed: config.deed,
      source,
      token,
      origin: undefined,
      language,
      announcePage: () => undefined,
      signal,
    },
    {
      prompt,
      journal: createJournal(findStateFolder),
      pinMemory: createPinMemory(findStateFolder),
      takeDialog: (show) => show(signal),
    },
  )
}

/** A module that cannot be used hides no token of another; `trien-bridge tokens` says what is wrong with it. */
async function findPlaces(
  sources: readonly ModuleSource[],
  signal: AbortSignal,
): Promise<OpenPlace[]> {
  const all = await Promise.allSettled(
    sources.map(async (source) => {
      const tokens = await source.describe(signal)
      return tokens.map((seen) => ({ source, seen }))
    }),
  )
  signal.throwIfAborted()
  return all.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
}

/** Ctrl-C takes the dialog away, and the journal still says how it ended. */
function signalOfPerson(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => controller.abort(new UserError('USER_CANCELLED')))
  }
  return controller.signal
}

function explain(error: Parameters<typeof describeError>[0], language: Language): [string, string] {
  if (error.code === 'USER_CANCELLED') return [CANCELLED[language], 'trien-bridge help tokens']
  const { sentence, remedy } = describeError(error, language)
  const said = sentence.replace(/\.$/, '')
  return [said.charAt(0).toLowerCase() + said.slice(1), remedy]
}

const DONE = {
  vi: {
    'change-pin': (label: string) => `đã đổi mã PIN của thiết bị ${label}`,
    unblock: (label: string) => `đã mở khóa thiết bị ${label} và đặt mã PIN mới`,
  },
  en: {
    'change-pin': (label: string) => `the PIN of the token ${label} is changed`,
    unblock: (label: string) => `the token ${label} is unlocked and has its new PIN`,
  },
} as const
const CANCELLED = {
  vi: 'bạn đã hủy; mã PIN vẫn như cũ',
  en: 'you cancelled; the PIN is as it was',
} as const
const NO_WAY: Readonly<Record<Language, [string, string]>> = {
  vi: [
    'không có cách nào để hỏi mã PIN',
    'cài pinentry (apt install pinentry-gtk2), hoặc chạy lệnh này trong một cửa sổ dòng lệnh',
  ],
  en: [
    'has no way to ask for the PIN',
    'install a pinentry (apt install pinentry-gtk2), or run this in a terminal',
  ],
}
