/**
 * Elements as text.
 * @module
 */
import { escapeAttribute, escapeText } from '../xml/escape.ts'

/** Attributes by their names; those without a value are left out. */
export type Attributes = Readonly<Record<string, string | undefined>>

/**
 * Writes an element.
 * @param content XML, as `encodeText` and this function write it
 */
export function encodeElement(name: string, attributes: Attributes, ...content: string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([attribute, value]) => ` ${attribute}="${escapeAttribute(value ?? '')}"`)
  return `<${name}${written.join('')}>${content.join('')}</${name}>`
}

/** Writes text. */
export const encodeText = escapeText
