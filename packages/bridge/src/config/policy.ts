/**
 * argv of `policy`.
 * @module
 */
import { parseOptions } from '../config.ts'
import { CommandFailure } from '../failure.ts'
import { POLICY_BROWSERS, type PolicyBrowser, type PolicyFormat } from '../policy/browsers.ts'
import type { PolicyWish } from '../policy/write.ts'

const EXAMPLE = 'trien-bridge policy --origin https://portal.example --browser chrome --format json'
const BROWSERS = Object.keys(POLICY_BROWSERS) as readonly PolicyBrowser[]
const FORMATS: readonly PolicyFormat[] = ['json', 'reg', 'plist']
const OF_SYSTEM: Readonly<Partial<Record<NodeJS.Platform, PolicyFormat>>> = {
  win32: 'reg',
  darwin: 'plist',
}

/** @throws {CommandFailure} naming the argument that is wrong */
export function parsePolicyArguments(args: readonly string[]): PolicyWish {
  const values = parseOptions(args, {
    origin: { type: 'string', multiple: true },
    browser: { type: 'string' },
    format: { type: 'string' },
  })
  const origins = (values.origin ?? []).map(parseHttpsOrigin)
  if (origins.length === 0) throw new CommandFailure('policy needs --origin', EXAMPLE)
  return {
    origins: [...new Set(origins)],
    browser: values.browser === undefined ? 'chrome' : choose(values.browser, BROWSERS),
    format:
      values.format === undefined
        ? (OF_SYSTEM[process.platform] ?? 'json')
        : choose(values.format, FORMATS),
  }
}

function choose<T extends string>(text: string, known: readonly T[]): T {
  const found = known.find((one) => one === text)
  if (found !== undefined) return found
  throw new CommandFailure(`not one of ${known.join(', ')}: ${text}`, EXAMPLE)
}

/** An address as it stands in the browser's bar will do. No browser lets a page of http reach the bridge. */
function parseHttpsOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:') return url.origin
  throw new CommandFailure(`not the https address of a site: ${text}`, EXAMPLE)
}
