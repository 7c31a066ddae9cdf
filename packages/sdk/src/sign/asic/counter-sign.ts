/**
 * A signature on a signature in a container: it goes into the file that has that one, and nothing else changes.
 * @module
 */
import { assertNotArchived } from '../../asic/archived.ts'
import {
  MAX_SIGNATURES_BYTES,
  MEDIA_TYPES,
  listCades,
  listXades,
  openContainer,
} from '../../asic/container.ts'
import { type Bytes, equalBytes } from '../../bytes.ts'
import { FormatError, wrongArgument } from '../../errors.ts'
import { load } from '../../load.ts'
import type { AlgorithmName, DocumentInput, Signer } from '../../types.ts'
import { type ZipArchive, readEntry } from '../../zip/archive.ts'
import { decideAlgorithm } from '../algorithm-choice.ts'
import { assertCallOptions } from '../call-options.ts'
import type { ClaimsChoice } from '../claims.ts'
import { type DocumentLabel, assertDocumentInput, ownInput } from '../document.ts'
import type { LevelChoice } from '../level.ts'
import { prepareLevel } from '../prepare-level.ts'
import { changeEntries } from '../upgrade-asic/change.ts'
import type { Confirmable, ListConfirmable } from './confirmable.ts'

/** The level is one of all signatures in the file that the counter-signature goes into. */
export interface CounterSignAsicOptions extends LevelChoice, ClaimsChoice {
  readonly signer: Signer
  /** One of `signer.algorithms`. Default: the first. */
  readonly algorithm?: AlgorithmName | undefined
  /**
   * Whose signature is signed: DER of that signer's certificate, or the signature's place in the container, from 0. Needed
   * where there are several.
   */
  readonly which?: Uint8Array | number | undefined
  /** What the person is told of the container before signing. */
  readonly document?: DocumentLabel | undefined
  /** The time that the signer claims, whole seconds count; the bridge refuses one that is far off. Default: now. */
  readonly signingTime?: Date | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Adds a counter-signature to one of the signatures of a container, in the form that the signature has.
 * @param container read where it must be; not retained
 * @returns of bytes fresh ones, of a Blob a Blob
 * @throws {UsageError} USAGE_ARGUMENT, USAGE_UNSUPPORTED_ALGORITHM, USAGE_NOT_LOADED
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED {feature} where there is no signature, or one that cannot be
 *   signed; FORMAT_CHANGED where a CAdES signature is not its certificate's; FORMAT_NOT_ALLOWED {rule: archived}
 *   where an archive manifest or an evidence record is over its file
 * @throws {UserError} USER_CANCELLED when the signal aborts, and whatever else the signer throws
 * @throws {TokenError} TOKEN_SIGNATURE_INVALID
 * @throws {TrustError} TRUST_REVOKED, TRUST_VALIDITY, TRUST_STATUS before the key is asked; TRUST_TIMESTAMP, TRUST_STATUS
 *   after: the error's `signed` has the counter-signature as far as it was built
 * @see EN 319 122-1 §5.2.7, EN 319 132-1 §5.2.7   @since 0.1
 */
export async function counterSignAsic(
  container: DocumentInput,
  options: CounterSignAsicOptions,
): Promise<Bytes | Blob> {
  const { signer, signal, which, signingTime, ...given } = (options ?? {}) as CounterSignAsicOptions
  const algorithm = decideAlgorithm(signer, given.algorithm)
  assertCallOptions(options)
  assertDocumentInput('container', container)
  const { archive, type } = await openContainer(ownInput(container))
  const chosen = chooseOne(await listAll(archive), which)
  await assertNotArchived(archive, chosen.name)
  const climb = await prepareLevel({ ...given, signal }, signer, async () =>
    (await import('../upgrade-asic.ts')).createRungs(chosen.name),
  )
  const { name } = container as { readonly name?: string }
  const document = { name: name?.slice(0, 255), mediaType: MEDIA_TYPES[type], ...given.document }
  const { claims } = given
  const data = await chosen.confirm({ signer, algorithm, document, signingTime, signal, claims })
  const signed = await changeEntries(archive, [{ name: chosen.name, data }])
  return climb === undefined ? signed : climb(signed)
}

/** Lists the signatures, file by file. */
async function listAll(archive: ZipArchive): Promise<readonly Confirmable[]> {
  const cades = listCades(archive)
  const files = cades.length > 0 ? cades : listXades(archive)
  if (files.length === 0) {
    const details = { feature: 'container without signatures' }
    throw new FormatError('FORMAT_UNSUPPORTED', { details })
  }
  const list: ListConfirmable =
    cades.length > 0
      ? (await load(import('./confirm-cades.ts'))).listConfirmable
      : (await load(import('./confirm-xades.ts'))).listConfirmable
  const all: Confirmable[] = []
  for (const entry of files) {
    all.push(...(await list(entry.name, await readEntry(archive, entry, MAX_SIGNATURES_BYTES))))
  }
  return all
}

function chooseOne(all: readonly Confirmable[], which: unknown): Confirmable {
  const [one, ...others] = all.filter(({ certificate }, index) =>
    which instanceof Uint8Array
      ? certificate !== undefined && equalBytes(certificate, which)
      : which === undefined || which === index,
  )
  if (one !== undefined && others.length === 0) return one
  throw wrongArgument(
    'which',
    'the certificate of one signer, or its signature’s place in the container',
  )
}
