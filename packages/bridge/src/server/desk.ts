/**
 * What the handlers share: the tokens, the way to ask, and what the person allowed so far.
 * @module
 */
import type { Language } from '@trien/sdk/errors'
import type { Identity } from '../identity.ts'
import type { Journal } from '../journal/journal.ts'
import type { PinMemory } from '../pin-memory.ts'
import { NO_PIN_TURN, type PinTurn } from '../pin-turn.ts'
import type { Prompt } from '../prompt/types.ts'
import { type Relay, type RelayOptions, createRelay } from '../relay/relay.ts'
import type { TokenSource } from '../token/types.ts'
import type { Consents } from './consents.ts'
import { type Dialogs, createDialogs } from './dialogs.ts'
import type { Patience } from './token-reader.ts'
import { type ItemRoom, createItemRoom } from './item-room.ts'
import { type Tokens, createTokens } from './tokens.ts'

/** One for a running bridge, common to all its sockets. */
export interface Desk {
  readonly tokens: Tokens
  readonly prompt: Prompt
  readonly dialogs: Dialogs
  readonly consents: Consents
  /** Who may have bare digests signed. */
  readonly digestOrigins: ReadonlySet<string>
  /** Undefined where none is kept: with the embedded demo token alone. */
  readonly journal: Journal | undefined
  readonly pinMemory: PinMemory
  readonly pinTurn: PinTurn
  /** Who this installation is; undefined where no trace is left on the machine. */
  readonly identity: (() => Identity | undefined) | undefined
  readonly relay: Relay
  /** Of all pages together, for items that come in several messages. */
  readonly itemRoom: ItemRoom
  /** The language of the prompt: what was set at start, or else the page's, or else Vietnamese. */
  readonly languageFor: (page: Language | undefined) => Language
}

const NO_SERVERS = { timestampServers: [], internalHosts: [] }

/** Sets up a desk. */
export function createDesk(options: {
  readonly sources: readonly TokenSource[]
  readonly prompt: Prompt
  readonly consents: Consents
  readonly language: Language | undefined
  readonly journal: Journal | undefined
  readonly pinMemory: PinMemory
  /** Left out where no other program of the person has these tokens. */
  readonly pinTurn?: PinTurn
  readonly identity?: (() => Identity | undefined) | undefined
  readonly patience?: Partial<Patience>
  readonly digestOrigins?: readonly string[]
  /** Left out, certificates alone name servers, and only on the open Internet. */
  readonly relay?: Omit<RelayOptions, 'listTokens'>
}): Desk {
  const tokens = createTokens(options.sources, options.patience)
  return {
    tokens,
    prompt: options.prompt,
    dialogs: createDialogs(),
    consents: options.consents,
    journal: options.journal,
    pinMemory: options.pinMemory,
    pinTurn: options.pinTurn ?? NO_PIN_TURN,
    identity: options.identity,
    digestOrigins: new Set(options.digestOrigins),
    relay: createRelay({ ...(options.relay ?? NO_SERVERS), listTokens: tokens.list }),
    itemRoom: createItemRoom(),
    languageFor: (page) => options.language ?? page ?? 'vi',
  }
}
