/**
 * A place where browsers look up whom they believe.
 * @module
 */
import type { X509Certificate } from 'node:crypto'

/** One place; it holds authorities of ours by their names (`nameOf`). */
export interface TrustStore {
  /** For the person: a path, or what the system calls it. */
  readonly place: string
  /** Which browsers look there. */
  readonly readers: string
  /** False where the system asks the person at each change. */
  readonly isSilent: boolean
  /** The names of all authorities of ours in it. @throws {ToolError} */
  list(): Promise<readonly string[]>
  /** @param file where the certificate lies, PEM @throws {ToolError} */
  add(authority: X509Certificate, file: string): Promise<void>
  /** @throws {ToolError} */
  remove(name: string): Promise<void>
}
