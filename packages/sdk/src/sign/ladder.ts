/**
 * The climb from level to level, the same for all formats: a format says what each rung is, this says in which order and
 * what is left where one breaks. Loaded only where more than a signature is wanted.
 *
 * ```
 * B-B ─ stamp ─► B-T ─ evidence ─ what authorities say of it ─ embed ─► B-LT ─ archive ─► B-LTA ─ embed, archive ─► …
 * ```
 * @module
 */
import { load } from '../load.ts'
import { type RequestToken, requestTimestamp } from '../trust/request-timestamp.ts'
import type { Evidence, ValidationData } from '../trust/validation-data.ts'
import {
  assertLevel,
  decideAuthorities,
  decideRevocation,
  decideTimestamp,
} from './decide-level.ts'
import type { BuildChoice, Level, LevelChoice } from './level.ts'

/** What a format does to reach each level. All take what they are given as their own and may write to it. */
export interface Rungs<S extends Uint8Array | Blob> {
  /** B-T: gives each signature a time stamp that has none. */
  stamp(signed: S, ask: RequestToken): Promise<S>
  /** Whose certificates must be provable at B-LT: the signers', and those of all time stamps. */
  evidence(signed: S): Evidence | Promise<Evidence>
  /** B-LT: puts in what is not there yet. */
  embed(signed: S, data: ValidationData): Promise<S>
  /** B-LTA: stamps all that is there; once more, and older stamps are renewed. */
  archive(signed: S, ask: RequestToken): Promise<S>
}

/** From where to where, and by whose help. */
export interface ClimbChoice extends BuildChoice {
  readonly to: Level
}

/** Takes a document to its level. Where that fails, the error's `signed` is what was reached. */
export type Climb<S> = (signed: S) => Promise<S>

/**
 * As `planClimb`, for the level of a sign call, and makes sure that who is to sign may.
 * @param rungs undefined for B-B
 * @returns undefined for B-B
 * @throws {TrustError} TRUST_REVOKED, TRUST_VALIDITY, TRUST_STATUS
 */
export async function planLevel<S extends Uint8Array | Blob>(
  rungs: Rungs<S> | undefined,
  choice: LevelChoice,
  identity: { readonly certificate: Uint8Array; readonly chain: readonly Uint8Array[] },
): Promise<Climb<S> | undefined> {
  const { level = 'B-B' } = choice
  assertLevel('level', level)
  const check = decideRevocation(choice)
  const climb = rungs && planClimb(rungs, { ...choice, to: level })
  if (check === undefined) return climb
  const { checkIdentity } = await load(import('../trust/check-identity.ts'))
  await checkIdentity(identity, check)
  return climb
}

/**
 * Looks at what a climb is told, before anybody is asked for anything.
 * @throws {UsageError} USAGE_ARGUMENT
 */
export function planClimb<S extends Uint8Array | Blob>(
  rungs: Rungs<S>,
  { to, ...choice }: ClimbChoice,
): Climb<S> {
  const steps = planSteps(rungs, to, choice)
  return async (signed) => {
    let reached = signed
    for (const step of steps) reached = await take(step, reached)
    return reached
  }
}

/** One after the other; the two of B-LT and B-LTA are taken again by what is there already. */
function planSteps<S extends Uint8Array | Blob>(
  rungs: Rungs<S>,
  to: Level,
  choice: BuildChoice,
): readonly Climb<S>[] {
  if (to === 'B-B') return []
  const stamping = decideTimestamp(choice)
  const ask: RequestToken = (imprint) => requestTimestamp(imprint, stamping)
  const stamp: Climb<S> = (signed) => rungs.stamp(signed, ask)
  if (to === 'B-T') return [stamp]
  const asking = decideAuthorities(choice)
  // Here, while nothing is signed yet, and not when it is wanted.
  const loading = load(import('../trust/validation-data.ts'))
  let proven: readonly Uint8Array[] = []
  const prove: Climb<S> = async (signed) => {
    const { collectValidationData } = await loading
    const data = await collectValidationData(await rungs.evidence(signed), asking)
    proven = data.certificates
    return rungs.embed(signed, data)
  }
  if (to === 'B-LT') return [stamp, prove]
  const askTrusted: RequestToken = async (imprint) => {
    const [timestamp, { assertStampGood }] = await Promise.all([ask(imprint), loading])
    await assertStampGood(timestamp, proven, asking)
    proven = [...proven, timestamp.certificate.certificateDer]
    return timestamp
  }
  return [stamp, prove, (signed) => rungs.archive(signed, askTrusted)]
}

/** Nothing of what was reached is lost with a step that fails. */
async function take<S extends Uint8Array | Blob>(step: Climb<S>, reached: S): Promise<S> {
  try {
    return await step(reached)
  } catch (error) {
    if (error instanceof Error) (error as { signed?: Uint8Array | Blob }).signed = reached
    throw error
  }
}
