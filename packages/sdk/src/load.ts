/**
 * Code that comes when it is first needed.
 * @module
 */
import { UsageError } from './errors.ts'

/**
 * Waits for a part of the sdk; the error, if nobody waits, is nobody's.
 * @throws {UsageError} USAGE_NOT_LOADED: the network is gone, or the portal was renewed while the page was open
 */
export function load<M>(module: Promise<M>): Promise<M> {
  const loading = module.catch((cause: unknown) => {
    throw new UsageError('USAGE_NOT_LOADED', { cause })
  })
  loading.catch(() => {})
  return loading
}
