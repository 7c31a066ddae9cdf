/**
 * `trien-bridge policy`: prints a policy file for the browsers of an organisation, on stdout; writes none.
 * @module
 */
import { parsePolicyArguments } from '../config/policy.ts'
import { log } from '../log.ts'
import { findPlace, writePolicy } from '../policy/write.ts'

/** @throws {CommandFailure} naming the argument that is wrong */
export async function policy(args: readonly string[]): Promise<void> {
  const wish = parsePolicyArguments(args)
  process.stdout.write(writePolicy(wish))
  log(`for ${findPlace(wish)}`)
}
