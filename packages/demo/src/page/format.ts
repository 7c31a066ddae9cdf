/**
 * Sizes and dates as the person writes them.
 * @module
 */
import type { Language } from '@trien/sdk/errors'

const LOCALES = { vi: 'vi-VN', en: 'en-GB' } as const

/** Writes a number of bytes in a fitting unit. */
export function formatSize(bytes: number, language: Language): string {
  const units = ['byte', 'kB', 'MB', 'GB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1
  return `${new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: digits }).format(value)} ${units[unit]}`
}

/** Writes the day of an instant, in local time. */
export function formatDay(day: Date, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], {
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
  }).format(day)
}

/** Writes an instant with its seconds and offset from UTC, so that nobody has to guess the zone. */
export function formatInstant(instant: Date, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], {
    ...{ day: '2-digit', month: '2-digit', year: 'numeric' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'shortOffset' },
  }).format(instant)
}

/** Writes a share of a whole, 0 to 1. */
export function formatPercent(share: number, language: Language): string {
  return new Intl.NumberFormat(LOCALES[language], { style: 'percent' }).format(share)
}
