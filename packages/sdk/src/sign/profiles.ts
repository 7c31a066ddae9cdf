/**
 * The profiles: data alone. A row says which algorithms are asked of a key, in this order, for which format, and what else a
 * call leaves out is to be.
 * @module
 */
import { UsageError, wrongArgument } from '../errors.ts'
import type { AlgorithmName } from '../types.ts'
import type { LevelChoice } from './level.ts'

/** What an algorithm is chosen for: a format, or the plain XML signatures that authorities take. */
export type ProfiledFormat = 'cms' | 'pdf' | 'xml' | 'json' | 'asic' | 'office'
type Receiver = ProfiledFormat | 'plain-xml'

/** One profile. */
interface Profile {
  readonly options: Pick<LevelChoice, 'level' | 'revocation'>
  readonly algorithms: readonly AlgorithmName[]
  /** Where the receiver demands others. */
  readonly demanded: Readonly<Partial<Record<Receiver, readonly AlgorithmName[]>>>
}

const PSS = ['PS256', 'PS384', 'PS512'] as const
const PKCS1 = ['RS256', 'RS384', 'RS512'] as const
const ECDSA = ['ES256', 'ES384', 'ES512'] as const

/** Office cannot read PSS ([MS-OFFCRYPTO] §2.5.2), whatever a profile prefers. */
const OFFICE = { office: [...PKCS1, ...ECDSA] }
/** E-invoices, tax declarations and social insurance: rsa-sha256 in the authorities' own files (Decisions 1450, 1510/QĐ-TCT). */
const PLAIN_XML = { 'plain-xml': ['RS256', 'ES256', 'ES384', 'ES512'] } as const

export const PROFILES = {
  /**
   * Vietnam's law of 2025. Circular 15/2025/TT-BKHCN, appendix I: RSASSA-PSS or ECDSA, with SHA-256, 384 or 512; PKCS#1 v1.5
   * follows for tokens that can do no other. Decree 23/2025/NĐ-CP art. 15: the signer's certificate is checked before signing.
   */
  'vn-2025': {
    options: { level: 'B-B', revocation: 'required' },
    algorithms: [...PSS, ...ECDSA, ...PKCS1],
    demanded: { ...OFFICE, ...PLAIN_XML },
  },
  /**
   * As VGCA's own tool signs: PKCS#1 v1.5 with SHA-256, which receivers of its PDF and XML files know; JSON by PSS (`IsPss`).
   */
  vgca: {
    options: { level: 'B-B' },
    algorithms: [...PKCS1, ...ECDSA, ...PSS],
    demanded: { ...PLAIN_XML, json: [...PSS, ...PKCS1, ...ECDSA] },
  },
  /**
   * AdES baseline (EN 319 122-1, 132-1, 142-1, 162-1, TS 119 182-1): B-T, for without a trusted time nobody can tell later that
   * it was made before its certificate ended. ECDSA and PSS before PKCS#1 v1.5.
   */
  'eu-baseline': {
    options: { level: 'B-T' },
    algorithms: [...ECDSA, ...PSS, ...PKCS1],
    demanded: { ...OFFICE, ...PLAIN_XML },
  },
} as const satisfies Record<string, Profile>

export type ProfileName = keyof typeof PROFILES

/** Plain signatures have no levels. */
const PLAIN = { level: 'B-B' } as const

/** As `applyProfile`. */
export function fillIn<O extends { readonly profile?: ProfileName | undefined }>(
  format: ProfiledFormat,
  { profile: name, ...given }: O,
): O {
  if (name === undefined || !Object.hasOwn(PROFILES, name)) {
    throw wrongArgument('profile', Object.keys(PROFILES).join(' or '))
  }
  const { options, algorithms, demanded }: Profile = PROFILES[name]
  const own = dropUndefined(given)
  const isPlain = format === 'xml' && 'form' in own
  const wanted = demanded[isPlain ? 'plain-xml' : format] ?? algorithms
  const filled = { ...options, ...(isPlain && PLAIN), ...findAlgorithm(own, wanted), ...own }
  return filled as unknown as O
}

/** The first that the signer has; what is no signer is found later. */
function findAlgorithm(
  given: { readonly algorithm?: AlgorithmName; readonly signer?: unknown },
  wanted: readonly AlgorithmName[],
): { readonly algorithm?: AlgorithmName } {
  const { algorithms } = Object(given.signer) as { algorithms?: unknown }
  if (given.algorithm !== undefined || !Array.isArray(algorithms)) return {}
  const algorithm = wanted.find((name) => algorithms.includes(name))
  if (algorithm !== undefined) return { algorithm }
  throw new UsageError('USAGE_UNSUPPORTED_ALGORITHM', { details: { algorithm: wanted.join(', ') } })
}

function dropUndefined(given: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}
