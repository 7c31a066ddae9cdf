/**
 * Telling pages that tokens came or went: only pages whose origin may list certificates, and slots are looked at only
 * while there is such a page.
 * @module
 */
import { tokensChanged } from '@trien/sdk/wire'
import type { Consents } from './consents.ts'
import type { OpenPage } from './serve.ts'
import type { Tokens } from './tokens.ts'

/** Milliseconds between two looks, and at least between two words to a page. */
const EVERY_MS = 1000

/** Who listens. */
export interface TokenWatch {
  /** @returns what to call once, when the page is gone */
  enter(page: OpenPage): () => void
}

/** At rest, with no socket open, it holds no timer. */
export function createTokenWatch(options: {
  readonly tokens: Pick<Tokens, 'look' | 'onChange'>
  readonly consents: Pick<Consents, 'isGranted'>
  readonly everyMs?: number
}): TokenWatch {
  const { tokens, consents, everyMs = EVERY_MS } = options
  const pages = new Set<OpenPage>()
  let timer: NodeJS.Timeout | undefined
  let hasChanged = false
  let toldAt = Number.NEGATIVE_INFINITY

  /** Decided anew each time: a consent that was taken back silences open sockets too. */
  function findAudience(): OpenPage[] {
    const origins = [...new Set([...pages].map(({ origin }) => origin))]
    const granted = new Set(origins.filter((origin) => consents.isGranted(origin)))
    return [...pages].filter(({ origin }) => granted.has(origin))
  }

  function tellChange(audience: readonly OpenPage[]): void {
    if (!hasChanged || performance.now() - toldAt < everyMs) return
    hasChanged = false
    toldAt = performance.now()
    for (const page of audience) page.notify(tokensChanged, {})
  }

  tokens.onChange(() => {
    hasChanged = true
    tellChange(findAudience())
  })
  return {
    enter(page) {
      pages.add(page)
      timer ??= setInterval(() => {
        const audience = findAudience()
        tellChange(audience)
        if (audience.length > 0) tokens.look()
      }, everyMs)
      return () => {
        pages.delete(page)
        if (pages.size > 0) return
        clearInterval(timer)
        timer = undefined
      }
    },
  }
}
