/**
 * What a request to sign leaves in the journal: one entry before the person is asked, one when it is over.
 * @module
 */
import { plainLine } from '../plain-text.ts'
import type { AskedEntry, EndedEntry, PinAskedEntry } from './entry.ts'

/** Makes the first entry. Names come from a page, a certificate, a driver: each becomes one plain line. */
export function toAskedEntry(asked: Omit<AskedEntry, 'kind'>): AskedEntry {
  const { origin, documents, certificate, token, blind } = asked
  return {
    kind: 'asked',
    origin,
    documents: documents.map(({ name, size, digest }) => ({ name: plainLine(name), size, digest })),
    certificate: { id: certificate.id, holder: plainLine(certificate.holder) },
    token: { label: plainLine(token.label), serial: plainLine(token.serial) },
    ...(blind && { blind }),
  }
}

/** Makes the first entry of a change of a PIN. */
export function toPinAskedEntry(asked: Omit<PinAskedEntry, 'kind'>): PinAskedEntry {
  const { deed, origin, token } = asked
  const { label, serial } = token
  return {
    kind: 'pin-asked',
    deed,
    origin,
    token: { label: plainLine(label), serial: plainLine(serial) },
  }
}

/** Makes the second. @param asked the number of the first */
export function toEndedEntry(
  asked: number,
  result: EndedEntry['result'],
  signed: number,
): EndedEntry {
  return { kind: 'ended', asked, result, signed }
}
