/**
 * What the conformance matrix is made of: containers, and the cells that they open.
 *
 * ```
 * container × level × (key, algorithm)     a cell: one signed file, judged by each referee of its kind
 * ```
 * A format adds itself by one file beside this one and one line in `registry.ts`.
 * @module
 */
import type { Level } from '@trien/sdk/cms'
import type { AlgorithmName, Authorities, Signer, TimestampSource } from '@trien/sdk/types'
import type { SignedFile } from '../referees/index.ts'

/** A kind of key, for example `RSA-2048`, with an algorithm that it signs by. */
export type KeyAlgorithm = readonly [key: string, algorithm: AlgorithmName]

/** Who and what signing needs. */
export interface SigningMeans {
  /** Has the cell's key. */
  readonly signer: Signer
  /** Somebody else under the same authority, who signs by ES256: for containers of more than one signer. */
  readonly colleague: Signer
  readonly timestamp: TimestampSource
  /** Who answers for the certificates of all of them. */
  readonly authorities: Authorities
}

/** All of them, the lowest first. */
export const LEVELS: readonly Level[] = ['B-B', 'B-T', 'B-LT', 'B-LTA']

/** Why what is renewed stands at one level. */
export const RENEWED = 'only what has an archive time stamp is renewed'

/** Which cells a level has. */
export type Rule = (level: Level) => readonly KeyAlgorithm[]

/** One way to sign. */
export interface Cell {
  readonly key: string
  readonly algorithm: AlgorithmName
  readonly container: Container
  readonly level: Level
}

/** A form that a signature takes. */
export interface Container {
  /** As it stands in the table and in file names, for example `CMS detached`. */
  readonly name: string
  readonly kind: SignedFile['kind']
  readonly levels: readonly Level[]
  /** Why it has fewer cells than a level each by each algorithm: what cannot be. */
  readonly gap?: string
  /** Whether it is of no level, for ETSI has no part in it. */
  readonly isPlain?: boolean
  /** Whether the colleague signs too. */
  readonly isShared?: boolean
  /** Whether the cell's signer signs no document, but the colleague's signature. */
  readonly isCounterSigned?: boolean
  /** Names of referees that open no such file, whoever made it. */
  readonly unopenedBy?: readonly string[]
  /** Which cells a level has, where it is not those of the rule. */
  readonly algorithms?: (level: Level, rule: Rule) => readonly KeyAlgorithm[]
  /**
   * Signs one cell.
   * @param folder exists; the file's name starts with `fileName(cell)`
   */
  sign(cell: Cell, means: SigningMeans, folder: string): Promise<SignedFile>
}

/** Each algorithm once. */
export const EVERY_ALGORITHM: readonly KeyAlgorithm[] = [
  ['RSA-2048', 'RS256'],
  ['RSA-2048', 'RS384'],
  ['RSA-2048', 'RS512'],
  ['RSA-2048', 'PS256'],
  ['RSA-2048', 'PS384'],
  ['RSA-2048', 'PS512'],
  ['P-256', 'ES256'],
  ['P-384', 'ES384'],
  ['P-521', 'ES512'],
]

/** Each algorithm by each key that can: where nothing else looks at how long a key is. */
export const EVERY_KEY: readonly KeyAlgorithm[] = [
  ...EVERY_ALGORITHM,
  ...EVERY_ALGORITHM.filter(([key]) => key === 'RSA-2048').map(
    ([, algorithm]) => ['RSA-3072', algorithm] as const,
  ),
]

/** Each family of algorithms once, and a key longer than most. */
export const EACH_FAMILY: readonly KeyAlgorithm[] = [
  ['RSA-2048', 'RS256'],
  ['RSA-3072', 'PS256'],
  ['P-256', 'ES256'],
]

/** All algorithms at every level, and a key longer than most: the whole matrix. */
export const everything: Rule = () => [...EVERY_ALGORITHM, ['RSA-3072', 'PS256']]

/**
 * For a run at each change: all algorithms where the signature itself is made, for each format writes it in its own way; one
 * of each family for what is built on it, for that sees no more of the algorithm than the octets of a signature value.
 */
export const sample: Rule = (level) => (level === 'B-B' ? EVERY_ALGORITHM : EACH_FAMILY)

/** At each change one, where what is around a signature is what matters; by ES256, where the colleague signs by it too. */
export const seldom =
  (one: KeyAlgorithm): NonNullable<Container['algorithms']> =>
  (level, rule) =>
    rule === sample ? [one] : rule(level)

/** All cells of some containers, in the order of the table. */
export function cellsOf(containers: readonly Container[], rule: Rule): readonly Cell[] {
  return containers.flatMap((container) =>
    container.levels.flatMap((level) =>
      (container.algorithms ?? rule)(level, rule).map(([key, algorithm]) => ({
        ...{ key, algorithm, container, level },
      })),
    ),
  )
}

/** A cell's level in words. */
export function levelOf({ container, level }: Pick<Cell, 'container' | 'level'>): string {
  return container.isPlain === true ? 'plain' : level
}

/** A cell's name in the titles of tests. */
export function nameOf(cell: Cell): string {
  return `${cell.container.name} ${levelOf(cell)} ${cell.key} ${cell.algorithm}`
}

/** Containers that lack cells and do not say why. */
export function unexplained(containers: readonly Container[]): readonly string[] {
  return containers
    .filter((container) => {
      const wanted = LEVELS.length * everything('B-B').length
      return container.gap === undefined && cellsOf([container], everything).length < wanted
    })
    .map(({ name }) => name)
}

/** A cell's name in names of files. */
export function fileName(cell: Cell): string {
  return nameOf(cell).replaceAll(/[^\w.]+/g, '-')
}
