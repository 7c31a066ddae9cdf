/**
 * certomancer, a certification authority for tests that nobody here wrote, as its own process: time stamps, OCSP, lists
 * and issuers over HTTP, for the PKI of `test/conformance/certomancer/pki.yml`.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import type { Bytes } from '@trien/sdk/types'
import { PYTHON } from './referees/pyhanko.ts'
import { root } from './referees/tool.ts'

const SERVE = path.join(root, 'test/conformance/certomancer/serve.py')
const START_TIMEOUT_MS = 60_000

/** Its program, there where it is installed (node .ci/prepare.mjs conformance). */
export const CERTOMANCER = path.join(path.dirname(PYTHON), 'certomancer')

export interface Certomancer {
  /** Address of a service, for example `tsa/good`. */
  url(service: string): string
  /** DER of a certificate, by its label. */
  certificate(label: string): Promise<Bytes>
  /** PKCS #8, PEM. @param entity whose */
  keyFile(entity: string): string
  /** Has it say nothing while something is done. */
  whileSilent<T>(work: () => Promise<T>): Promise<T>
  stop(): Promise<void>
}

/** Starts it; the caller stops it. @param folder exists, for its keys; the caller removes it */
export async function startCertomancer(folder: string): Promise<Certomancer> {
  const child = spawn(PYTHON, ['-B', SERVE, folder], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  const address = await readAddress(child).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  return {
    stop,
    url: (service) => `${address}/trien/${service}`,
    async certificate(label) {
      const response = await fetch(`${address}/_certomancer/any-cert/trien/${label}.crt`)
      if (!response.ok) throw new Error(`certomancer: no certificate ${label}`)
      return new Uint8Array(await response.arrayBuffer())
    },
    keyFile: (entity) => path.join(folder, `${entity}.key`),
    async whileSilent(work) {
      child.kill('SIGSTOP')
      try {
        return await work()
      } finally {
        child.kill('SIGCONT')
      }
    },
  }
}

/** The first line that it prints. */
function readAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let out = ''
    let log = ''
    const fail = (why: string) => reject(new Error(`certomancer ${why}: ${log.slice(-2000)}`))
    const timer = setTimeout(() => fail('does not start'), START_TIMEOUT_MS)
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text
      if (!out.includes('\n')) return
      clearTimeout(timer)
      resolve(out.trim())
    })
    // Read to its end, for it would stop where its log is full.
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text))
    child.once('error', (error) => fail(error.message))
    child.once('close', () => fail('ended'))
  })
}
