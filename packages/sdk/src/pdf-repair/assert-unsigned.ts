/**
 * A repaired file is another file: no signature survives that.
 * @module
 */
import { malformed } from '../pdf/malformed.ts'
import { asKind } from '../pdf/objects.ts'
import { valueOf, type Collected } from './collect.ts'
import { findText } from './find-text.ts'

/**
 * Refuses a file that holds a signature, or pieces of one.
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function assertUnsigned(bytes: Uint8Array, { live }: Collected): void {
  const isSigned = [...live.values()].some(
    (each) => asKind(valueOf(each), 'dict')?.entries.has('ByteRange') === true,
  )
  const place = findText(bytes, '/ByteRange')
  if (!isSigned && place === -1) return
  throw malformed('file', Math.max(place, 0), 'no signature, which a repair would break')
}
