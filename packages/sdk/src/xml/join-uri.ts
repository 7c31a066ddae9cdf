/**
 * The join-URI-References function of Canonical XML 1.1 (§2.4): RFC 3986 §5.2 also for relative bases, with `..` that lead
 * out kept.
 * @module
 */

const PARTS = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#.*)?$/

/** Joins a base and what is relative to it; a fragment is dropped. */
export function joinUriReferences(base: string, relative: string): string {
  const [, scheme, authority, path = '', query] = PARTS.exec(relative) ?? []
  const [, baseScheme, baseAuthority, basePath = '', baseQuery] = PARTS.exec(base) ?? []
  if (scheme !== undefined) return compose(scheme, authority, removeDots(path), query)
  if (authority !== undefined) return compose(baseScheme, authority, removeDots(path), query)
  if (path === '')
    return compose(baseScheme, baseAuthority, removeDots(basePath), query ?? baseQuery)
  const merged = path.startsWith('/') ? path : merge(baseAuthority, basePath, path)
  return compose(baseScheme, baseAuthority, removeDots(merged), query)
}

function merge(authority: string | undefined, base: string, path: string): string {
  if (authority !== undefined && base === '') return `/${path}`
  // A base that ends in `..` names a folder (§2.4, the third change).
  const folder = /(?:^|\/)\.\.$/.test(base) ? `${base}/` : base
  return folder.slice(0, folder.lastIndexOf('/') + 1) + path
}

function removeDots(path: string): string {
  const isAbsolute = path.startsWith('/')
  const kept: string[] = []
  const segments = path.split('/').slice(isAbsolute ? 1 : 0)
  segments.forEach((segment, index) => {
    const isLast = index === segments.length - 1
    if (segment === '.' || segment === '..') {
      const isOut = kept.length === 0 || kept.at(-1) === '..'
      if (segment === '..' && !isOut) kept.pop()
      else if (segment === '..' && !isAbsolute) kept.push('..')
      if (isLast && kept.length > 0) kept.push('')
    } else if (segment !== '' || isLast) kept.push(segment)
  })
  return (isAbsolute ? '/' : '') + kept.join('/')
}

function compose(
  scheme: string | undefined,
  authority: string | undefined,
  path: string,
  query: string | undefined,
): string {
  return [
    scheme === undefined ? '' : `${scheme}:`,
    authority === undefined ? '' : `//${authority}`,
    path,
    query === undefined ? '' : `?${query}`,
  ].join('')
}
