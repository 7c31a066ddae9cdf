/**
 * The canonical forms, by the names that signatures give them.
 * @module
 */

/** What a canonical form writes. */
export interface C14nForm {
  /** Inclusive forms write every namespace in scope, the exclusive one those that an element uses. */
  readonly isExclusive: boolean
  readonly version: '1.0' | '1.1'
  readonly comments: boolean
}

const C14N_10 = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'
const C14N_11 = 'http://www.w3.org/2006/12/xml-c14n11'
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'

/** Short names of the forms without comments, which is what signatures are made with. */
export const C14N_URIS = { 'c14n-1.0': C14N_10, 'c14n-1.1': C14N_11, exclusive: EXCLUSIVE } as const

export type C14nName = keyof typeof C14N_URIS

/** Canonical XML 1.0 and 1.1, Exclusive XML Canonicalization 1.0, each with comments and without. */
export const C14N_FORMS: Readonly<Record<string, C14nForm>> = {
  [C14N_10]: { isExclusive: false, version: '1.0', comments: false },
  [`${C14N_10}#WithComments`]: { isExclusive: false, version: '1.0', comments: true },
  [C14N_11]: { isExclusive: false, version: '1.1', comments: false },
  [`${C14N_11}#WithComments`]: { isExclusive: false, version: '1.1', comments: true },
  [EXCLUSIVE]: { isExclusive: true, version: '1.0', comments: false },
  [`${EXCLUSIVE}WithComments`]: { isExclusive: true, version: '1.0', comments: true },
}

/** Finds a form by its address. */
export function findC14nForm(uri: string): C14nForm | undefined {
  return Object.hasOwn(C14N_FORMS, uri) ? C14N_FORMS[uri] : undefined
}
