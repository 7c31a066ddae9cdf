/**
 * Opens the tokens that the command line names, or those that the machine has.
 * @module
 */
import { writeFileSync } from 'node:fs'
import type { ServeConfig, TokenConfig } from '../config.ts'
import { CommandFailure } from '../failure.ts'
import { log } from '../log.ts'
import {
  type FoundModule,
  describeNamedModules,
  findModules,
} from '../token/discovery/find-modules.ts'
import { type ModuleSource, createModuleSource } from '../token/supervisor.ts'
import type { TokenSource } from '../token/types.ts'

/** @throws {CommandFailure} */
export async function openSources(config: ServeConfig): Promise<TokenSource[]> {
  const modules = chooseModules(config)
  for (const { modulePath, origin } of modules) log(`module ${modulePath} (${origin})`)
  const sources: TokenSource[] = modules.map(openModule)
  if (config.demo) sources.push(await openDemo(config))
  if (sources.length === 0) log('serves no token; for a first look: trien-bridge serve --demo')
  return sources
}

/** @throws {CommandFailure} where a settings file is wrong */
export function chooseModules({ modules, discovery }: TokenConfig): readonly FoundModule[] {
  return discovery ? findModules() : describeNamedModules(modules)
}

/** Nothing is loaded before the first question. */
export function openModule({ modulePath, parameters, isGeneric }: FoundModule): ModuleSource {
  return createModuleSource({ modulePath, parameters, isGeneric })
}

async function openDemo({ demoCaFile }: ServeConfig): Promise<TokenSource> {
  // Loaded only for the demo: a bridge that serves real tokens holds no code that makes certificates.
  const { DEMO_PIN, DEMO_PUK, createDemoSource } = await import('../soft/demo-source.ts')
  const source = await createDemoSource()
  log(`serves the embedded demo token; its PIN is ${DEMO_PIN}, its PUK ${DEMO_PUK}`)
  if (demoCaFile !== undefined) await writeAuthority(source, demoCaFile)
  return source
}

/** Writes the authority that issued the demo's certificates, so that a verifier can be given it as its anchor. */
async function writeAuthority(source: TokenSource, file: string): Promise<void> {
  const [first] = await source.listCertificates(AbortSignal.timeout(10_000))
  const authority = first?.chain.at(-1)
  if (authority === undefined) throw new Error('the demo token has no authority')
  try {
    writeFileSync(file, encodePem(authority))
  } catch (cause) {
    throw new CommandFailure(`cannot write ${file}`, 'trien-bridge serve --demo --demo-ca ca.pem', {
      cause,
    })
  }
}

/** RFC 7468 §5. */
function encodePem(certificateDer: Uint8Array): string {
  const lines =
    Buffer.from(certificateDer)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
