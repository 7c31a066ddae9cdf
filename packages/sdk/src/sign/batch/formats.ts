/**
 * The formats that a batch can mix: a row each, loaded where an item is of it.
 * @module
 */
import { load } from '../../load.ts'
import type { BatchFormat } from './format.ts'
import type { BatchFormatName } from './items.ts'

/** All formats are called with what they were given before: their own types meet only here. */
const FORMATS: Readonly<Record<BatchFormatName, () => Promise<unknown>>> = {
  cms: async () => (await import('./cms.ts')).cms,
  pdf: async () => (await import('./pdf.ts')).pdf,
  xml: async () => (await import('./xml.ts')).xml,
  json: async () => (await import('./json.ts')).json,
  asic: async () => (await import('./asic.ts')).asic,
  office: async () => (await import('./office.ts')).office,
}

export const FORMAT_NAMES = Object.keys(FORMATS) as readonly BatchFormatName[]

/** @throws {UsageError} USAGE_NOT_LOADED */
export function loadFormat(name: BatchFormatName): Promise<BatchFormat> {
  return load(FORMATS[name]() as Promise<BatchFormat>)
}
