/**
 * What a signer claims beside the time, as plain JavaScript passes it: looked at once for all formats. Loaded only where
 * something is claimed.
 * @module
 */
import { wrongArgument } from './errors.ts'
import type { Commitment, SignerClaims, SigningPlace } from './types.ts'

/**
 * Commitments by the names that ETSI's identifiers end in, in the order of the object identifiers
 * (EN 319 122-1 §5.2.3, EN 319 132-1 §5.2.3).
 */
const COMMITMENTS: Readonly<Record<Commitment, string>> = {
  origin: 'ProofOfOrigin',
  receipt: 'ProofOfReceipt',
  delivery: 'ProofOfDelivery',
  sender: 'ProofOfSender',
  approval: 'ProofOfApproval',
  creation: 'ProofOfCreation',
}

const MAX_ROLES = 4
const MAX_LENGTH = 128
/** What XML 1.0 §2.2 lets stand nowhere, what breaks a line, and what writes from the other side. */
const UNFIT = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\ufffe\uffff]/u

/** The URI of XAdES and JAdES. */
export const commitmentUri = (commitment: Commitment): string =>
  `http://uri.etsi.org/01903/v1.2.2#${COMMITMENTS[commitment]}`

/** The object identifier of CAdES, id-cti-ets. */
export const commitmentOid = (commitment: Commitment): string =>
  `1.2.840.113549.1.9.16.6.${Object.keys(COMMITMENTS).indexOf(commitment) + 1}`

/**
 * Looks at what is claimed.
 * @returns a copy; undefined where nothing is claimed
 * @throws {UsageError} USAGE_ARGUMENT
 */
export function checkClaims(value: unknown): SignerClaims | undefined {
  const given = readFields('claims', value, ['commitment', 'place', 'roles'])
  const commitment = given['commitment']
  if (commitment !== undefined && !isCommitment(commitment)) {
    throw wrongArgument('claims.commitment', Object.keys(COMMITMENTS).join(' or '))
  }
  const place = given['place'] === undefined ? undefined : checkPlace(given['place'])
  const roles = given['roles'] === undefined ? undefined : checkRoles(given['roles'])
  const isEmpty = commitment === undefined && place === undefined && roles === undefined
  return isEmpty ? undefined : { commitment, place, roles }
}

const isCommitment = (value: unknown): value is Commitment =>
  typeof value === 'string' && Object.hasOwn(COMMITMENTS, value)

function checkPlace(value: unknown): SigningPlace {
  const given = readFields('claims.place', value, ['city', 'province', 'postalCode', 'country'])
  const { city, province, postalCode, country } = given
  for (const [name, text] of Object.entries({ city, province, postalCode })) {
    checkText(`claims.place.${name}`, text)
  }
  if (country !== undefined && !(typeof country === 'string' && /^[A-Z]{2}$/.test(country))) {
    throw wrongArgument('claims.place.country', 'two capital letters, as VN')
  }
  if (Object.values(given).every((field) => field === undefined)) {
    throw wrongArgument('claims.place', 'a city, province, postalCode or country')
  }
  return { city, province, postalCode, country } as SigningPlace
}

function checkRoles(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_ROLES) {
    throw wrongArgument('claims.roles', `1 to ${MAX_ROLES} roles`)
  }
  const roles: readonly unknown[] = [...(value as unknown[])]
  roles.forEach((role, index) => checkText(`claims.roles[${index}]`, role ?? null))
  return roles as readonly string[]
}

/** What is misspelt would be left out unseen. */
function readFields(
  argument: string,
  value: unknown,
  known: readonly string[],
): Readonly<Record<string, unknown>> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  const stranger = isObject ? Object.keys(value).find((name) => !known.includes(name)) : ''
  if (isObject && stranger === undefined) return value as Readonly<Record<string, unknown>>
  throw wrongArgument(argument, `an object of ${known.join(', ')}`)
}

function checkText(argument: string, text: unknown): void {
  if (text === undefined) return
  const isText = typeof text === 'string' && text.length > 0 && text.length <= MAX_LENGTH
  if (isText && text === text.trim() && !UNFIT.test(text)) return
  throw wrongArgument(argument, `one line of text of at most ${MAX_LENGTH} characters`)
}
