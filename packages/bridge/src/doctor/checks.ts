/**
 * All checks, in the order in which a person would mend what they find, and the run of them.
 * @module
 */
import { logUnexpected } from '../log.ts'
import { checkAutostart } from './checks/autostart.ts'
import { checkBrowsers } from './checks/browsers.ts'
import { checkCertificates } from './checks/certificates.ts'
import { checkClock } from './checks/clock.ts'
import { checkModules } from './checks/modules.ts'
import { checkPolicies } from './checks/policies.ts'
import { checkPorts } from './checks/ports.ts'
import { checkPrompt } from './checks/prompt.ts'
import { checkReaders } from './checks/readers.ts'
import { checkSettings } from './checks/settings.ts'
import { checkState } from './checks/state.ts'
import { checkTls } from './checks/tls.ts'
import { checkTokens } from './checks/tokens.ts'
import { checkVersions } from './checks/versions.ts'
import { type Check, type Finding, say } from './finding.ts'
import type { Machine } from './machine.ts'

const CHECKS: Readonly<Record<string, Check>> = {
  versions: checkVersions,
  ports: checkPorts,
  autostart: checkAutostart,
  prompt: checkPrompt,
  settings: checkSettings,
  modules: checkModules,
  readers: checkReaders,
  tokens: checkTokens,
  certificates: checkCertificates,
  browsers: checkBrowsers,
  policies: checkPolicies,
  tls: checkTls,
  clock: checkClock,
  state: checkState,
}

/** Runs all checks at once. One that breaks says so in its own place and keeps no other from being heard. */
export async function runChecks(machine: Machine): Promise<readonly Finding[]> {
  const found = await Promise.all(
    Object.entries(CHECKS).map(async ([name, check]) => {
      try {
        return await check(machine)
      } catch (error) {
        logUnexpected(`looking at ${name}`, error)
        return [notLooked(name)]
      }
    }),
  )
  return found.flat()
}

function notLooked(name: string): Finding {
  return {
    id: `${name}.unexpected`,
    state: 'unknown',
    text: say(`Không kiểm tra được mục “${name}”.`, `Could not look at “${name}”.`),
  }
}
