/**
 * Modules opened as the bridge opens them, with a token host each, and signatures by what they hold.
 * @module
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach } from 'vitest'
import type { AlgorithmName } from '@trien/sdk/types'
import {
  type ModuleSource,
  type ModuleSourceOptions,
  createModuleSource,
} from '../../packages/bridge/src/token/supervisor.ts'
import type { TokenCertificate, TokenSource } from '../../packages/bridge/src/token/types.ts'

const HOST = fileURLToPath(new URL('../../packages/bridge/dist/token-host.js', import.meta.url))

/** What is signed. */
export const TO_BE_SIGNED = new TextEncoder().encode('thuộc tính được ký')

/** What a signing run is told. */
export interface Wish {
  readonly pin: string | undefined
  readonly algorithms?: readonly AlgorithmName[]
  readonly signal?: AbortSignal
}

/** Opens modules; each test's are closed when it has ended. */
export function useModuleSources(): (options: ModuleSourceOptions) => ModuleSource {
  const opened: TokenSource[] = []
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((source) => source.close()))
  })
  return (options) => {
    if (!existsSync(HOST)) throw new Error('the bridge is not built: run `npm run build` first')
    const source = createModuleSource({ hostFile: HOST, ...options })
    opened.push(source)
    return source
  }
}

/** Signs the same bytes once an algorithm; by default by the certificate's first. */
export async function signBySource(
  source: TokenSource,
  certificate: TokenCertificate,
  { pin, algorithms = certificate.algorithms.slice(0, 1), signal }: Wish,
): Promise<Uint8Array[]> {
  const signatures: Uint8Array[] = []
  await source.sign({
    certificateId: certificate.id,
    pin,
    items: algorithms.map((algorithm) => ({ algorithm, toBeSigned: TO_BE_SIGNED })),
    onSigned: (first, made) =>
      void made.forEach((one, offset) => (signatures[first + offset] = one)),
    signal: signal ?? new AbortController().signal,
  })
  return signatures
}

/** What a module finds in its environment is what this process has. */
export function enterEnvironment(env: Readonly<Record<string, string>>): void {
  Object.assign(process.env, env)
}
