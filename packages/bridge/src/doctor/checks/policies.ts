/**
 * Policies of browsers that open or close the way to the bridge for pages.
 * @module
 */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { POLICY_BROWSERS } from '../../policy/browsers.ts'
import { locate } from '../../settings/place.ts'
import { type Finding, say } from '../finding.ts'
import type { Machine } from '../machine.ts'

const ALLOWED = ['LoopbackNetworkAllowedForUrls', 'LocalNetworkAccessAllowedForUrls']
const BLOCKED = ['LoopbackNetworkBlockedForUrls', 'LocalNetworkAccessBlockedForUrls']

/** On Windows and macOS the browser itself tells best: chrome://policy, edge://policy, about:policies. */
export async function checkPolicies(machine: Machine): Promise<Finding[]> {
  if (machine.platform !== 'linux') return []
  const found = await Promise.all(
    Object.entries(POLICY_BROWSERS).map(async ([browser, { linux }]) =>
      (await readAll(machine, linux)).flatMap((policies) => describe(browser, policies)),
    ),
  )
  return found.flat()
}

async function readAll({ place, read }: Machine, folder: string): Promise<unknown[]> {
  const texts = await Promise.all(
    listJson(locate(place, folder)).map((name) => read(path.join(folder, name))),
  )
  return texts.flatMap((text) => {
    try {
      return [JSON.parse(text ?? '') as unknown]
    } catch {
      // A browser, too, goes on without a file that is no JSON.
      return []
    }
  })
}

function listJson(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'))
  } catch {
    return []
  }
}

function describe(browser: string, policies: unknown): Finding[] {
  const lists = flatten(policies)
  const blocked = BLOCKED.flatMap((name) => lists.get(name) ?? [])
  const allowed = [...ALLOWED, 'SkipDomains'].flatMap((name) => lists.get(name) ?? [])
  return [
    ...(blocked.length === 0 ? [] : [describeBlocked(browser, blocked)]),
    ...(allowed.length === 0 ? [] : [describeAllowed(browser, allowed)]),
  ]
}

function describeBlocked(browser: string, sites: readonly string[]): Finding {
  const all = sites.includes('*')
  return {
    id: `policies.${browser}.blocked`,
    state: all ? 'bad' : 'warning',
    text: all
      ? say(
          `Chính sách của ${browser} cấm mọi trang web kết nối với Trien.`,
          `A policy of ${browser} keeps all sites from Trien.`,
        )
      : say(
          `Chính sách của ${browser} cấm ${sites.length} trang web kết nối với Trien.`,
          `A policy of ${browser} keeps ${sites.length} site(s) from Trien.`,
        ),
    remedy: say(
      'Nhờ người quản trị bỏ cổng cần ký khỏi LoopbackNetworkBlockedForUrls; lệnh cấm thắng lệnh cho phép.',
      'Ask the administrator to take the portal out of LoopbackNetworkBlockedForUrls; it wins over what is allowed.',
    ),
    personal: sites,
  }
}

function describeAllowed(browser: string, sites: readonly string[]): Finding {
  return {
    id: `policies.${browser}.allowed`,
    state: 'good',
    text: say(
      `Chính sách của ${browser} cho phép sẵn ${sites.length} trang web kết nối với Trien.`,
      `A policy of ${browser} lets ${sites.length} site(s) reach Trien unasked.`,
    ),
    personal: sites,
  }
}

/** Lists of text by their names, at any depth: Firefox nests what Chrome does not. */
function flatten(value: unknown, depth = 0): Map<string, string[]> {
  const lists = new Map<string, string[]>()
  if (typeof value !== 'object' || value === null || depth > 4) return lists
  for (const [name, inner] of Object.entries(value)) {
    if (Array.isArray(inner)) {
      lists.set(
        name,
        inner.filter((one) => typeof one === 'string'),
      )
    } else for (const entry of flatten(inner, depth + 1)) lists.set(...entry)
  }
  return lists
}
