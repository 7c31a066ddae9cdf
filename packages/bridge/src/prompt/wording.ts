/**
 * What the person reads, in Vietnamese and English: who asks, for what, with which certificate, on which token.
 * @module
 */
import type { Language } from '@trien/sdk/errors'
import { plainLine, shortenMiddle } from '../plain-text.ts'
import { wordDate, wordExpiry } from './expiry.ts'
import type { Words } from './face.ts'
import { wordTries } from './last-try.ts'
import { PHRASES } from './phrases.ts'
import { PIN_PHRASES } from './pin-phrases.ts'
import { wordSaid } from './said.ts'
import { wordSite } from './site.ts'
import type { ListQuestion, ShownDocument, SignQuestion } from './types.ts'

/** How much there is room for. */
export interface Room {
  readonly documents: number
  /** Code points of a name. */
  readonly name: number
  /** Of one signature's signer. Default: all. */
  readonly roles?: number
}

const AMPLE: Room = { documents: 20, name: 100 }
const SCARCE: readonly Room[] = [
  { documents: 5, name: 60 },
  { documents: 4, name: 48 },
  { documents: 3, name: 40 },
  { documents: 2, name: 32 },
  { documents: 1, name: 24 },
]
/** Lines of what signatures say; and as many roles as one of them may have. */
const MAX_CLAIMS = 4
const DIGEST_DIGITS = 16

/** Words "may this site see your certificates?". */
export function wordList(question: ListQuestion): Words {
  const say = PHRASES[question.language]
  return {
    language: question.language,
    title: say.listTitle,
    heading: wordSite(question.origin),
    lines: [`(${question.origin})`, say.wantsList, '', say.listMeans],
    warnings: [],
    accept: say.allow,
    refuse: say.deny,
  }
}

/** Words "sign these documents?"; documents above the room are counted, not listed. */
export function wordSign(question: SignQuestion, room: Room = AMPLE): Words {
  const say = PHRASES[question.language]
  const { documents, certificate, tokenLabel, tokenSerial, language } = question
  const shorten = (text: string): string => shortenMiddle(plainLine(text), room.name)
  const shown = documents.length > room.documents ? room.documents - 1 : documents.length
  const listed = documents
    .slice(0, Math.max(1, shown))
    .map((document) => `• ${wordDocument(document, language, room)}`)
  const rest = documents.length - listed.length
  const quote = (name: string): string => wordName(name, room)
  const most = { lines: Math.min(room.documents, MAX_CLAIMS), roles: room.roles ?? MAX_CLAIMS }
  return {
    language,
    title: say.signTitle,
    heading: wordSite(question.origin),
    lines: [
      `(${question.origin})`,
      say.wantsSignatures(documents.length),
      ...listed,
      ...(rest > 0 ? [say.andMore(rest)] : []),
      ...(documents.some(({ signatureOf }) => signatureOf !== undefined) ? [say.confirms] : []),
      ...wordSaid(question.said ?? [], language, { most, quote }),
      '',
      say.signer(shorten(certificate.holder)),
      ...(certificate.organization ? [say.organization(shorten(certificate.organization))] : []),
      say.issuer(shorten(certificate.issuer), wordDate(certificate.notAfter, language)),
      ...(question.namesNoCertificate ? [say.unnamed] : []),
      say.token(shorten(tokenLabel), shorten(tokenSerial)),
      ...(question.asksPin ? [] : [say.useKeypad]),
    ],
    warnings: [
      question.isBlind ? say.blind : undefined,
      wordExpiry({ ...certificate, issuer: shorten(certificate.issuer) }, language),
      question.mustChangePin ? PIN_PHRASES[language].mustChange : undefined,
      wordTries(language, { state: question.pinState, wrong: question.wrongPins }),
    ].filter((warning) => warning !== undefined),
    accept: say.sign,
    refuse: say.cancel,
  }
}

/**
 * Words a signing question so that it fits: fewer and shorter names rather than a cut-off end, for what stands there
 * (certificate, token, full address) must not be pushed out by a page's long names.
 */
export function wordSignWithin(question: SignQuestion, fits: (words: Words) => boolean): Words {
  for (const room of [AMPLE, ...SCARCE]) {
    const words = wordSign(question, room)
    if (fits(words)) return words
  }
  return wordSign(question, { documents: 1, name: 12, roles: 1 })
}

function wordDocument(document: ShownDocument, language: Language, room: Room): string {
  const say = PHRASES[language]
  const name = wordName(document.name, room)
  const { signatureOf, size, digestHex } = document
  const what =
    signatureOf === undefined
      ? wordSize(size, language)
      : say.signatureOf(wordName(signatureOf, room))
  const digest = digestHex.slice(0, DIGEST_DIGITS).replace(/(.{4})(?=.)/g, '$1 ')
  return `“${name}” — ${what} — ${say.digest} ${digest}`
}

/** A name from elsewhere must not close its own quotes and go on in our words. */
function wordName(name: string, room: Room): string {
  const plain = plainLine(name).replace(/["“”„‟″❝❞〝〞＂]/gu, "'")
  return shortenMiddle(plain, room.name) || '—'
}

/** To make one takes a hundred times as long as to use it, and a dialog shows up to twenty sizes. */
const formats = new Map<Language, Intl.NumberFormat>()

function formatFor(language: Language): Intl.NumberFormat {
  const known =
    formats.get(language) ?? new Intl.NumberFormat(language, { maximumFractionDigits: 1 })
  formats.set(language, known)
  return known
}

function wordSize(bytes: number, language: Language): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const number = formatFor(language).format(bytes / 1000 ** power)
  return `${number} ${units[power]}`
}
