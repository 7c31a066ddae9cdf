/**
 * Every container there is, in the order of the table.
 *
 * Whoever works on one format need not wait for all: where TRIEN_MATRIX names containers, parted by commas, only these are judged.
 * @module
 */
import { ASIC_CONTAINERS } from './asic.ts'
import { CMS_CONTAINERS, CMS_RENEWED } from './cms.ts'
import type { Container } from './container.ts'
import { JADES_CONTAINERS } from './jades.ts'
import { OOXML_CONTAINERS } from './ooxml.ts'
import { PDF_CONTAINERS } from './pdf.ts'
import { XADES_CONTAINERS, XML_FORM_CONTAINERS } from './xades.ts'

export const CONTAINERS: readonly Container[] = [
  ...CMS_CONTAINERS,
  CMS_RENEWED,
  ...PDF_CONTAINERS,
  ...JADES_CONTAINERS,
  ...ASIC_CONTAINERS,
  ...XADES_CONTAINERS,
  ...XML_FORM_CONTAINERS,
  ...OOXML_CONTAINERS,
]

/** @throws where TRIEN_MATRIX names what is not there */
export function chosenContainers(): readonly Container[] {
  const names = process.env['TRIEN_MATRIX']?.split(',')
  if (names === undefined) return CONTAINERS
  const unknown = names.find((name) => !CONTAINERS.some((container) => container.name === name))
  if (unknown !== undefined) throw new Error(`TRIEN_MATRIX: no container ${unknown}`)
  console.warn(`SKIPPED: all containers but ${names.join(', ')}`)
  return CONTAINERS.filter(({ name }) => names.includes(name))
}
