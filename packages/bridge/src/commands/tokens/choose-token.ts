/**
 * Which token the person means: named by its serial number or its label, or the only one there is. Never a guess, for
 * a wrong PIN on another token costs a try there.
 * @module
 */
import { encodeHex } from '@trien/sdk/bytes'
import type { Language } from '@trien/sdk/errors'
import { CommandFailure } from '../../failure.ts'
import { plainLine } from '../../plain-text.ts'
import type { ModuleSource } from '../../token/supervisor.ts'
import type { SeenToken, TokenDescription } from '../../token/types.ts'

/** A token, and the module that has it. */
export interface TokenPlace {
  readonly source: Pick<ModuleSource, 'name' | 'isGeneric'>
  readonly seen: SeenToken
}

/**
 * Finds the one token that is meant.
 * @param wanted serial number or label; undefined where there should be but one
 * @throws {CommandFailure} where there is none, or more than one: its hint lists them
 */
export function chooseToken<Place extends TokenPlace>(
  places: readonly Place[],
  { wanted, deed, language }: { wanted: string | undefined; deed: string; language: Language },
): Place {
  const say = WORDS[language]
  const tokens = dropRepeated(places)
  if (tokens.length === 0) throw new CommandFailure(say.none, say.plugIn)
  const matching = tokens.filter(({ seen }) => wanted === undefined || isNamed(seen.token, wanted))
  const [only, another] = matching
  if (only === undefined) throw new CommandFailure(say.unknown, listChoices(tokens, deed))
  if (another === undefined) return only
  throw new CommandFailure(say.several(matching.length), listChoices(matching, deed))
}

function isNamed({ serial, label }: TokenDescription, wanted: string): boolean {
  const name = plainLine(wanted)
  return name !== '' && [serial, label].some((known) => plainLine(known) === name)
}

/**
 * One token shows twice where two modules drive it. Of the driver for cards of all makes those tokens are left out whose
 * certificates the vendor's own module has as well; its names for them differ.
 */
function dropRepeated<Place extends TokenPlace>(places: readonly Place[]): Place[] {
  const ofVendors = new Set(
    places.filter(({ source }) => source.isGeneric !== true).flatMap(namesOfCertificates),
  )
  const names = new Set<string>()
  return places.filter((place) => {
    const own = namesOfCertificates(place)
    const isSeen = own.length > 0 && own.every((name) => ofVendors.has(name))
    if (place.source.isGeneric === true && isSeen) return false
    const { label, manufacturer, serial } = place.seen.token
    const name = JSON.stringify([place.source.name, label, manufacturer, serial])
    const other = JSON.stringify([label, manufacturer, serial])
    // Two of one name in one module are two tokens; in two modules they are one.
    const isKnown = names.has(other) && !names.has(name)
    names.add(name).add(other)
    return !isKnown
  })
}

function namesOfCertificates({ seen }: TokenPlace): string[] {
  return seen.certificates.map(({ id }) => encodeHex(id))
}

/** The commands to choose from, each with what tells its token from the others. */
function listChoices(places: readonly TokenPlace[], deed: string): string {
  const tokens = places.map(({ seen }) => seen.token)
  const count = (serial: string): number => tokens.filter((one) => one.serial === serial).length
  return tokens
    .map(({ label, serial }) => {
      const name = serial !== '' && count(serial) === 1 ? serial : label
      return `trien-bridge tokens ${deed} ${JSON.stringify(plainLine(name))}   (${plainLine(label)}, ${plainLine(serial)})`
    })
    .join('\n      ')
}

const WORDS = {
  vi: {
    none: 'chưa thấy thiết bị ký số nào',
    plugIn: 'cắm USB token rồi chạy lại; xem thêm: trien-bridge tokens',
    unknown: 'không có thiết bị nào mang số sê-ri hay nhãn này',
    several: (count: number) => `có ${count} thiết bị; hãy nói rõ thiết bị nào`,
  },
  en: {
    none: 'no token is seen',
    plugIn: 'plug the token in and try again; see: trien-bridge tokens',
    unknown: 'no token has this serial number or label',
    several: (count: number) => `there are ${count} tokens; say which one`,
  },
} as const
