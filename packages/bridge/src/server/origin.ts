/**
 * Which pages may speak to the bridge at all, judged by the Origin header alone.
 * @module
 */

/** Why an Origin was refused. */
export type OriginRefusal =
  | 'origin-missing'
  | 'origin-duplicate'
  | 'origin-null'
  | 'origin-malformed'
  | 'origin-scheme'
  | 'origin-insecure'

const MAX_ORIGIN_LENGTH = 300
/** Names of this machine, for which browsers treat http as secure (W3C Secure Contexts §3.1). */
const THIS_MACHINE: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/**
 * Judges the values of all Origin headers of one request.
 *
 * The value must be the very serialisation of its own URL (RFC 6454 §6.2), so that no suffix, user name, path, default
 * port, upper case or trailing junk can make two spellings of one origin or hide another host.
 * @returns the origin, or why it is refused
 */
export function decideOrigin(
  values: readonly string[],
): { readonly origin: string } | { readonly refusal: OriginRefusal } {
  const [value, ...others] = values
  if (value === undefined || value === '') return { refusal: 'origin-missing' }
  if (others.length > 0) return { refusal: 'origin-duplicate' }
  // `null` is a sandboxed frame, a file or a redirect: nobody that could be named to the person.
  if (value === 'null') return { refusal: 'origin-null' }
  const url = value.length <= MAX_ORIGIN_LENGTH && URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined) return { refusal: 'origin-malformed' }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return { refusal: 'origin-scheme' }
  if (url.origin !== value) return { refusal: 'origin-malformed' }
  if (url.protocol === 'http:' && !THIS_MACHINE.includes(url.hostname)) {
    return { refusal: 'origin-insecure' }
  }
  return { origin: value }
}
