/**
 * Findings as text or JSON. Without `full`, nothing of what is personal.
 * @module
 */
import type { Language } from '@trien/sdk/errors'
import { plainLine } from '../plain-text.ts'
import type { Finding, FindingState } from './finding.ts'

/** How to print. */
export interface PrintOptions {
  readonly language: Language
  readonly full: boolean
}

const MARKS: Readonly<Record<Language, Readonly<Record<FindingState, string>>>> = {
  vi: { good: 'tốt', warning: 'chú ý', bad: 'LỖI', unknown: 'chưa rõ' },
  en: { good: 'good', warning: 'warning', bad: 'BAD', unknown: 'unknown' },
}

/** One line a finding, its remedy and what is personal below it; the counts last. */
export function writeFindings(findings: readonly Finding[], options: PrintOptions): string {
  const marks = MARKS[options.language]
  const width = Math.max(...Object.values(marks).map((mark) => mark.length))
  const indent = ' '.repeat(width + 2)
  const lines = findings.flatMap(({ state, text, remedy, personal = [] }) => [
    `${marks[state].padEnd(width)}  ${plainLine(text[options.language])}`,
    ...(remedy === undefined ? [] : [`${indent}→ ${plainLine(remedy[options.language])}`]),
    ...(options.full ? personal.map((line) => `${indent}· ${plainLine(line)}`) : []),
  ])
  return [...lines, '', count(findings, options.language), ''].join('\n')
}

function count(findings: readonly Finding[], language: Language): string {
  const of = (state: FindingState): number =>
    findings.filter((finding) => finding.state === state).length
  const [bad, warnings] = [of('bad'), of('warning')]
  return language === 'vi' ? `${bad} lỗi, ${warnings} chú ý` : `${bad} bad, ${warnings} warnings`
}

/** The same for programs: `id` and `state` are stable, sentences are not. */
export function encodeFindings(findings: readonly Finding[], options: PrintOptions): string {
  const { language, full } = options
  const shown = findings.map(({ id, state, text, remedy, personal }) => ({
    id,
    state,
    text: plainLine(text[language]),
    ...(remedy === undefined ? {} : { remedy: plainLine(remedy[language]) }),
    ...(full && personal !== undefined ? { personal: personal.map(plainLine) } : {}),
  }))
  return `${JSON.stringify({ findings: shown }, null, 2)}\n`
}
