/**
 * What every call can be told: how it is stopped and watched, and what the person is told of the document.
 * @module
 */
import { wrongArgument } from '../errors.ts'

/**
 * Refuses what is no signal, no function and no label, before anything is begun: a signal that does not work, as an
 * AbortController in place of its signal, would be found out by the person who wants to stop.
 * @throws {UsageError} USAGE_ARGUMENT
 */
export function assertCallOptions(options: unknown): void {
  const { signal, onProgress, document } = (options ?? {}) as Readonly<Record<string, unknown>>
  const { aborted, addEventListener } = (signal ?? {}) as Partial<AbortSignal>
  const isSignal = typeof aborted === 'boolean' && typeof addEventListener === 'function'
  if (signal && !isSignal) throw wrongArgument('signal', 'an AbortSignal: controller.signal')
  if (onProgress && typeof onProgress !== 'function') {
    throw wrongArgument('onProgress', 'a function')
  }
  if (document !== undefined && Object(document) !== document) {
    throw wrongArgument('document', '{ name, mediaType }')
  }
}
