/**
 * `trien-bridge doctor`: looks the machine over and says what to do, on stdout; changes nothing and asks no PIN.
 * @module
 */
import { parseDoctorArguments } from '../config/doctor.ts'
import { runChecks } from '../doctor/checks.ts'
import { findLanguage } from '../doctor/language.ts'
import { describeMachine } from '../doctor/machine.ts'
import { encodeFindings, writeFindings } from '../doctor/print.ts'

/**
 * The exit code is 1 where something is bad.
 * @throws {CommandFailure} naming the argument that is wrong
 */
export async function doctor(args: readonly string[]): Promise<void> {
  const { json, full, ports, language } = parseDoctorArguments(args)
  const findings = await runChecks(describeMachine(ports === undefined ? {} : { ports }))
  const options = { full, language: language ?? findLanguage(process.env) }
  process.stdout.write(json ? encodeFindings(findings, options) : writeFindings(findings, options))
  if (findings.some(({ state }) => state === 'bad')) process.exitCode = 1
}
