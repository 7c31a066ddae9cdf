/**
 * The escapes of Canonical XML, which are good in any XML.
 * @module
 */

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
}
const escapeOf = (character: string): string => ESCAPES[character] as string

/** Writes text between tags (Canonical XML 1.0 §2.3). */
export function escapeText(text: string): string {
  return /[&<>\r]/.test(text) ? text.replace(/[&<>\r]/g, escapeOf) : text
}

/** Writes the value of an attribute, without its quotes. */
export function escapeAttribute(value: string): string {
  return /[&<"\t\n\r]/.test(value) ? value.replace(/[&<"\t\n\r]/g, escapeOf) : value
}
