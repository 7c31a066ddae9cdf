/**
 * The encryption dictionary of the standard security handler (ISO 32000-2 Tables 20 and 21), read and checked.
 *
 *     V 1, 2 ─ RC4, R2 and R3      V 4 ─ crypt filters, RC4 or AES-128, R4      V 5 ─ AES-256, R5 and R6
 * @module
 */
import type { Bytes } from '../bytes.ts'
import { malformed, unsupported } from '../pdf/malformed.ts'
import {
  asKind,
  integerOf,
  nameOf,
  type PdfDict,
  type PdfValue,
  type Resolve,
} from '../pdf/objects.ts'

/** How one kind of data is encrypted. */
export type Method = 'none' | 'RC4' | 'AESV2' | 'AESV3'

/** What the dictionary says. */
export interface EncryptionSettings {
  /** /R: 2 to 6. */
  readonly revision: number
  /** Bytes of an RC4 or AES-128 file key, as declared. */
  readonly keyBytes: number
  readonly owner: Bytes
  readonly user: Bytes
  /** R5 and R6: the file key, encrypted by either password. */
  readonly ownerKey: Bytes
  readonly userKey: Bytes
  /** R6: /P once more, encrypted. */
  readonly checkedPermissions: Bytes
  /** /P as 32 bits with sign. */
  readonly permissions: number
  readonly encryptsMetadata: boolean
  readonly strings: Method
  readonly streams: Method
  /** By the name of the crypt filter. */
  readonly filters: ReadonlyMap<string, Method>
}

/** The key of the file, and whose password gave it. */
export interface FoundKey {
  readonly key: Bytes
  readonly isOwner: boolean
}

const METHODS: Readonly<Record<string, Method>> = { V2: 'RC4', AESV2: 'AESV2', AESV3: 'AESV3' }
/** The standard names one filter; some writers a few. */
const MAX_FILTERS = 16

/**
 * Reads the dictionary.
 * @throws {FormatError} FORMAT_UNSUPPORTED where another handler or algorithm encrypts, FORMAT_MALFORMED
 */
export async function readSettings(
  encryption: PdfDict,
  resolve: Resolve,
): Promise<EncryptionSettings> {
  const get = (key: string): Promise<PdfValue> => resolve(encryption.entries.get(key))
  const integer = async (key: string): Promise<number | undefined> => integerOf(await get(key))
  const handler = nameOf(await get('Filter'))
  if (handler !== 'Standard') throw unsupported(`encryption by ${handler ?? 'no handler'}`)
  const [version = 0, revision = 0] = [await integer('V'), await integer('R')]
  assertVersion(version, revision)
  if (encryption.entries.has('KDFSalt')) throw unsupported('encryption with a MAC (ISO/TS 32004)')
  const permissions = await integer('P')
  if (permissions === undefined) throw malformed('encryption', 0, '/P as an integer')
  const isModern = version === 5
  const string = async (key: string, bytes: number): Promise<Bytes> => {
    const found = asKind(await get(key), 'string')?.bytes
    if (found === undefined || found.length < bytes) {
      throw malformed('encryption', 0, `/${key} of ${bytes} bytes`)
    }
    return found.slice(0, bytes) as Bytes
  }
  const modern = async (key: string, bytes: number): Promise<Bytes> =>
    isModern ? string(key, bytes) : new Uint8Array(0)
  const filters = version >= 4 ? await readFilters(await get('CF'), version, resolve) : NO_FILTERS
  const methodOf = async (key: string): Promise<Method> => {
    if (version < 4) return 'RC4'
    return findMethod(filters, nameOf(await get(key)) ?? 'Identity')
  }
  return {
    revision,
    keyBytes: keyBytesOf(version, await integer('Length')),
    owner: await string('O', isModern ? 48 : 32),
    user: await string('U', isModern ? 48 : 32),
    ownerKey: await modern('OE', 32),
    userKey: await modern('UE', 32),
    checkedPermissions: revision === 6 ? await string('Perms', 16) : new Uint8Array(0),
    // Some writers count it without a sign.
    permissions: permissions | 0,
    encryptsMetadata: version < 4 || (await get('EncryptMetadata')) !== false,
    strings: await methodOf('StrF'),
    streams: await methodOf('StmF'),
    filters,
  }
}

const NO_FILTERS: ReadonlyMap<string, Method> = new Map()
/** /R by /V (Table 21); R3 with V1 is met. */
const REVISIONS: Readonly<Record<number, readonly number[]>> = {
  1: [2, 3],
  2: [2, 3],
  4: [4],
  5: [5, 6],
}

function assertVersion(version: number, revision: number): void {
  if (REVISIONS[version]?.includes(revision) === true) return
  throw unsupported(`encryption V ${version} R ${revision}`)
}

/** V 1 knows only 40 bits; lengths below 40 were meant as bytes. */
function keyBytesOf(version: number, length: number | undefined): number {
  if (version === 5) return 32
  if (version === 1) return 5
  if (length === undefined) return version === 4 ? 16 : 5
  const bytes = length < 40 ? length : length / 8
  if (Number.isInteger(bytes) && bytes >= 5 && bytes <= 16) return bytes
  throw malformed('encryption', 0, '/Length of 40 to 128 bits')
}

async function readFilters(
  value: PdfValue,
  version: number,
  resolve: Resolve,
): Promise<ReadonlyMap<string, Method>> {
  const filters = new Map<string, Method>()
  const listed = [...(asKind(value, 'dict')?.entries ?? [])].slice(0, MAX_FILTERS)
  for (const [name, item] of listed) {
    const filter = asKind(await resolve(item), 'dict')
    const spelling = nameOf(await resolve(filter?.entries.get('CFM'))) ?? 'None'
    const method = METHODS[spelling]
    // A filter that nobody uses may be anything; one that is used is looked for.
    if (method !== undefined && (method === 'AESV3') === (version === 5)) filters.set(name, method)
  }
  return filters
}

/**
 * Finds how a crypt filter encrypts.
 * @throws {FormatError} FORMAT_UNSUPPORTED where there is none of that name that is known
 */
export function findMethod(filters: ReadonlyMap<string, Method>, name: string): Method {
  if (name === 'Identity') return 'none'
  const method = filters.get(name)
  if (method === undefined) throw unsupported(`crypt filter ${name}`)
  return method
}
