/**
 * The reports of `trien-bridge tokens` as text or JSON, on stdout.
 * @module
 */
import { plainLine } from '../../plain-text.ts'
import { wordExpiry } from '../../prompt/expiry.ts'
import type { CertificateReport, ModuleReport, TokenReport } from './report.ts'

/** Prints all reports. */
export function printReports(
  reports: readonly ModuleReport[],
  { json }: { readonly json: boolean },
): void {
  const text = json
    ? JSON.stringify(reports, null, 2)
    : reports.map((report) => describe(report).join('\n')).join('\n\n')
  process.stdout.write(`${text}\n`)
}

function describe({ module, origin, vendor, failure, tokens }: ModuleReport): string[] {
  const head = `${plainLine(module)} (${vendor === null ? origin : `${origin}: ${vendor}`})`
  if (failure !== null) {
    return [head, `  ${plainLine(failure.message)}`, `  hint: ${failure.hint}`]
  }
  return [head, ...(tokens.length === 0 ? ['  no token'] : tokens.flatMap(describeToken))]
}

function describeToken(token: TokenReport): string[] {
  const { label, serial, pin, keypad, mustChangePin, certificates, problem } = token
  const nothing =
    problem === null ? 'no certificate with a private key' : `cannot be read: ${problem}`
  const way = keypad ? ', typed on the reader' : ''
  const change = mustChangePin
    ? [`    the PIN is to be changed first: trien-bridge tokens change-pin ${quote(serial)}`]
    : []
  return [
    `  token ${plainLine(label)}, number ${plainLine(serial)}, PIN ${pin}${way}`,
    ...change,
    ...(certificates.length === 0 ? [`    ${nothing}`] : certificates.flatMap(describeCertificate)),
  ]
}

const quote = (serial: string): string => JSON.stringify(plainLine(serial))

function describeCertificate(report: CertificateReport): string[] {
  const { holder, issuer, notAfter, algorithms } = report
  const announced = wordExpiry(report, 'en')
  return [
    `    ${plainLine(holder)}`,
    `      issued by  ${plainLine(issuer)}, expires ${notAfter.slice(0, 10)}`,
    ...(announced === undefined ? [] : [`      attention  ${announced}`]),
    `      signs      ${algorithms.join(' ')}`,
  ]
}
