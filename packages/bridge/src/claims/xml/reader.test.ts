import { describe, expect, test } from 'vitest'
import type { SignItem } from '@trien/sdk/wire'
import {
  DSIG,
  EXCLUSIVE,
  RSA,
  failedClaim,
  reference,
  signedInfo,
} from '../../../../../test/helpers/xml-signature.ts'

describe('what is not in canonical form', () => {
  const plain = signedInfo(reference())
  const replace = (from: string, to: string) => {
    expect(plain).toContain(from)
    return plain.replace(from, to)
  }
  test.each<[string, string, string, Partial<SignItem>?]>([
    // The form.
    ['structure', 'nothing', ''],
    ['structure', 'a DOCTYPE', `<!DOCTYPE a [<!ENTITY b "c">]>${plain}`],
    ['structure', 'an XML declaration', `<?xml version="1.0"?>${plain}`],
    ['structure', 'a comment', replace('<ds:Sig', '<!-- --><ds:Sig')],
    ['structure', 'a comment inside the digest', replace('</ds:DigestV', '<!----></ds:DigestV')],
    ['structure', 'a processing instruction', replace('<ds:Sig', '<?a b?><ds:Sig')],
    ['structure', 'CDATA', replace('</ds:DigestV', '<![CDATA[]]></ds:DigestV')],
    ['structure', 'an entity', replace('</ds:DigestV', '&a;</ds:DigestV')],
    ['structure', 'a character written by its number', replace('#rsa-sha256', '#rsa-sha25&#54;')],
    ['structure', 'an element that is closed in its own tag', replace('></ds:Signature', '/><ds:')],
    ['structure', 'white space between elements', replace('<ds:Signat', '\n<ds:Signat')],
    ['structure', 'white space in a tag', replace('<ds:DigestValue>', '<ds:DigestValue >')],
    ['structure', 'single quotes', replace(`"${RSA}"`, `'${RSA}'`)],
    ['structure', 'an attribute twice', replace(' URI="#doc"', ' URI="#doc" URI="#doc"')],
    ['structure', 'something behind it', `${plain}<a></a>`],
    ['structure', 'a line feed behind it', `${plain}\n`],
    ['structure', 'a byte order mark', `\ufeff${plain}`],
    ['structure', 'a NUL', replace('#doc', '#doc\0')],
    [
      'structure',
      'another root',
      replace('<ds:SignedInfo', '<ds:Manifest').replace('</ds:SignedInfo', '</ds:Manifest'),
    ],
    ['structure', 'another namespace', plain.replace(DSIG, `${DSIG}x`)],
    ['structure', 'no reference', signedInfo('')],
    ['structure', 'an attribute of its own', replace('<ds:SignedInfo', '<ds:SignedInfo a="b"')],
    ['structure', 'endless depth', '<a>'.repeat(5000)],
    ['structure', 'more than 64 KiB', signedInfo(reference({ uri: `#${'a'.repeat(70_000)}` }))],
    [
      'structure',
      'an attribute with a prefix',
      replace('<ds:Reference', '<ds:Reference xmlns:a="b" a:c="d"'),
    ],
    [
      'structure',
      'xml:base',
      replace('<ds:Reference', '<ds:Reference xml:base="http://evil.test/"'),
    ],
    ['structure', 'xml:id', replace('<ds:Reference', '<ds:Reference xml:id="doc"')],
    // Canonicalisation.
    ['canonicalization', 'attributes out of order', replace('URI="#doc"', 'URI="#doc" Id="r"')],
    ['canonicalization', 'a namespace not in use', replace('xmlns:ds', 'xmlns:a="b" xmlns:ds')],
    [
      'canonicalization',
      'a namespace declared again',
      replace('<ds:Reference', `<ds:Reference xmlns:ds="${DSIG}"`),
    ],
    ['canonicalization', 'comments', signedInfo(reference(), `${EXCLUSIVE}WithComments`)],
    ['canonicalization', 'a form of its own', signedInfo(reference(), 'urn:mine')],
    [
      'canonicalization',
      'xml:lang in the exclusive form',
      replace('<ds:Reference', '<ds:Reference xml:lang="vi"'),
    ],
    [
      'canonicalization',
      'prefixes that the exclusive form should keep',
      replace(
        `Algorithm="${EXCLUSIVE}"></ds:Canon`,
        `Algorithm="${EXCLUSIVE}"><InclusiveNamespaces xmlns="${EXCLUSIVE}" PrefixList="a"></InclusiveNamespaces></ds:Canon`,
      ),
    ],
  ])('%s: %s', (claim, _, text, change) => {
    expect(failedClaim(text, change)).toBe(claim)
  })

  test('cut off anywhere', () => {
    for (let length = 0; length < plain.length; length++) {
      expect(failedClaim(plain.slice(0, length)), `${length} characters`).toBe('structure')
    }
  })
})
