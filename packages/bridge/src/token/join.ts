/**
 * Several sources as one: what a page sees is tokens, not modules.
 * @module
 */
import { dropRepeated, getOnlyHolder } from './identify.ts'
import type { TokenCertificate, TokenSource } from './types.ts'

interface Seen {
  readonly source: TokenSource
  readonly certificate: TokenCertificate
}

/**
 * Joins sources. One that fails does not keep the others from working: its error is told to `onFailure`, and thrown
 * only where no other source has a certificate. A source alone is given back as it is.
 */
export function joinSources(
  sources: readonly TokenSource[],
  onFailure: (source: TokenSource, error: unknown) => void = () => undefined,
): TokenSource {
  async function look(signal: AbortSignal): Promise<Seen[]> {
    const lists = await Promise.allSettled(sources.map((source) => source.listCertificates(signal)))
    const seen: Seen[] = []
    const failures: unknown[] = []
    for (const [index, source] of sources.entries()) {
      const list = lists[index]
      if (list?.status === 'fulfilled') {
        seen.push(...list.value.map((certificate) => ({ source, certificate })))
      } else if (list !== undefined) {
        failures.push(list.reason)
        if (!signal.aborted) onFailure(source, list.reason)
      }
    }
    if (failures.length > 0 && (seen.length === 0 || signal.aborted)) throw failures[0]
    return dropRepeated(seen, certificateOf)
  }

  const [only, ...others] = sources
  if (only !== undefined && others.length === 0) return only
  return {
    name: sources.map(({ name }) => name).join(', '),
    listCertificates: async (signal) => (await look(signal)).map(certificateOf),
    async sign(request) {
      const seen = await look(request.signal)
      const { source } = getOnlyHolder(seen, request.certificateId, certificateOf)
      await source.sign(request)
    },
    async close() {
      await Promise.all(sources.map((source) => source.close()))
    },
  }
}

function certificateOf({ certificate }: Seen): TokenCertificate {
  return certificate
}
