/**
 * What the lists of the settings files hold.
 * @module
 */
import path from 'node:path'

/** Reads one entry of a list. */
export interface EntryReader<T> {
  /** Ends the sentence “"key" holds …, which is no …”. */
  readonly expected: string
  /** @returns undefined where it is none */
  read(entry: unknown): T | undefined
}

/** The address of a site as its pages send it: scheme, host and port, nothing else (RFC 6454 §6.2). */
export const origin: EntryReader<string> = {
  expected: 'address of a site, like https://portal.gov.vn',
  read: (entry) =>
    typeof entry === 'string' && URL.canParse(entry) && new URL(entry).origin === entry
      ? entry
      : undefined,
}

/** An absolute path of this or another system. */
export const absolutePath: EntryReader<string> = {
  expected: 'absolute path',
  read: (entry) =>
    typeof entry === 'string' &&
    !entry.includes('\0') &&
    (path.posix.isAbsolute(entry) || /^[A-Za-z]:\\/.test(entry))
      ? entry
      : undefined,
}

/** A PKCS#11 module, and what it is to be started with. */
export interface NamedModule {
  /** Absolute. */
  readonly path: string
  /** Handed to the module as it stands, by those that want some (NSS: which folder holds its database). */
  readonly parameters?: string
}

const MAX_PARAMETERS = 4096

/** A path alone, or an object of path and parameters. */
export const namedModule: EntryReader<NamedModule> = {
  expected: 'absolute path, nor one with its parameters',
  read(entry) {
    if (!hasParameters(entry)) {
      const alone = absolutePath.read(entry)
      return alone === undefined ? undefined : { path: alone }
    }
    const file = absolutePath.read(entry.path)
    const { parameters } = entry
    return file === undefined || !isParameters(parameters) ? undefined : { path: file, parameters }
  },
}

const hasParameters = (entry: unknown): entry is { path: unknown; parameters: unknown } =>
  typeof entry === 'object' &&
  entry !== null &&
  Object.keys(entry).toSorted().join() === 'parameters,path'

const isParameters = (text: unknown): text is string =>
  typeof text === 'string' && text !== '' && text.length <= MAX_PARAMETERS && !/\p{Cc}/u.test(text)
