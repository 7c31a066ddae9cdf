/**
 * Asks in a page that the bridge serves: only for the embedded demo token, and only on a machine with neither display
 * nor terminal. A real bridge never asks for a PIN in a page, and this page says so.
 * @module
 */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Language, UserError } from '@trien/sdk/errors'
import { log } from '../log.ts'
import type { Asking, Face, SecretWords, Words } from './face.ts'
import { CONTENT_SECURITY_POLICY, renderAnswered, renderDialog } from './page-html.ts'

const FOLDER = '/prompt/'
const MAX_BODY_BYTES = 4096

/** A face and the HTTP side of it. */
export interface PageFace {
  readonly face: Face
  /** Answers a request for the page; false where the path is not one of ours. Host was checked before. */
  serve(request: IncomingMessage, response: ServerResponse, port: number): boolean
}

interface Dialog {
  readonly path: string
  readonly words: Words | SecretWords
  readonly answer: (form: URLSearchParams) => void
}

/** The browser that answered a dialog and waits for what comes after it. */
interface Waiting {
  readonly response: ServerResponse
  readonly language: Language
}

/**
 * Makes the face. The URL is new for every dialog, cannot be guessed and dies with the answer, so that an answer which
 * is sent twice says nothing to the next dialog.
 * @param port the port that the bridge listens on, asked when a question comes
 */
export function createPageFace(port: () => number): PageFace {
  let open: Dialog | undefined
  let waiting: Waiting | undefined

  async function ask<T>(
    words: Words | SecretWords,
    asking: Asking,
    read: (form: URLSearchParams) => T,
  ): Promise<T> {
    const { answered, ...dialog } = openDialog(words, asking, read)
    open = dialog
    if (!sendOn(waiting, dialog.path)) {
      asking.announcePage(`http://127.0.0.1:${port()}${dialog.path}`)
    }
    waiting = undefined
    return answered.finally(() => {
      if (open === dialog) open = undefined
    })
  }

  return {
    face: {
      confirm: (words, asking) => ask(words, asking, isAccepted),
      askSecret: (words, asking) =>
        ask(words, asking, (form) => {
          if (!isAccepted(form)) throw new UserError('USER_CANCELLED')
          return form.get('secret') ?? ''
        }),
      end() {
        if (waiting !== undefined) send(waiting.response, 200, renderAnswered(waiting.language))
        waiting = undefined
      },
    },
    serve(request, response, ownPort) {
      const dialog = open
      if (dialog === undefined || request.url !== dialog.path) return false
      if (request.method === 'GET') send(response, 200, renderDialog(dialog.words))
      else if (request.method === 'POST') {
        void receive(request, response, ownPort).then((form) => {
          if (form === undefined) return
          // While its form was on the way another one may have answered.
          if (open !== dialog) return send(response, 404, '')
          waiting = { response, language: dialog.words.language }
          open = undefined
          dialog.answer(form)
        })
      } else send(response, 405, '')
      return true
    },
  }
}

function isAccepted(form: URLSearchParams): boolean {
  return form.get('decision') === 'accept'
}

/** @param read takes the answer out of the form, or throws what the answer means */
function openDialog<T>(
  words: Words | SecretWords,
  { signal, timeoutMs }: Asking,
  read: (form: URLSearchParams) => T,
): Dialog & { readonly answered: Promise<T> } {
  const { promise, resolve, reject } = withResolvers<T>()
  const onAbort = (): void => {
    reject(signal.reason)
  }
  signal.throwIfAborted()
  signal.addEventListener('abort', onAbort, { once: true })
  const timer = setTimeout(() => {
    reject(new UserError('USER_TIMEOUT'))
  }, timeoutMs)
  return {
    path: FOLDER + randomBytes(32).toString('base64url'),
    words,
    answered: promise.finally(() => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }),
    answer(form) {
      try {
        resolve(read(form))
      } catch (error) {
        reject(error)
      }
    },
  }
}

function withResolvers<T>(): {
  promise: Promise<T>
  resolve: (value: T) => void
  reject: (reason: unknown) => void
} {
  let resolve: (value: T) => void = () => {}
  let reject: (reason: unknown) => void = () => {}
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}

/** Sends the browser that answered on to the next dialog; false where none waits. */
function sendOn(waiting: Waiting | undefined, path: string): boolean {
  if (waiting === undefined || waiting.response.destroyed) return false
  send(waiting.response, 303, '', { Location: path })
  return true
}

/** Reads the answer; undefined where it was refused, and the response sent. */
async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
): Promise<URLSearchParams | undefined> {
  // Only our own form may answer: whoever learned the URL could else post to it from a page of his.
  if (request.headers.origin !== `http://127.0.0.1:${port}`) {
    log('refused an answer to the prompt page from another origin')
    send(response, 403, '')
    return undefined
  }
  const body = await readBody(request)
  if (body !== undefined) return new URLSearchParams(body)
  send(response, 413, '')
  return undefined
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > MAX_BODY_BYTES) return undefined
      chunks.push(chunk)
    }
  } catch {
    return undefined
  }
  return Buffer.concat(chunks).toString('utf8')
}

function send(
  response: ServerResponse,
  status: number,
  html: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    ...headers,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'Cache-Control': 'no-store',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    // Not `no-referrer`: with it a browser sends `Origin: null` from our own form.
    'Referrer-Policy': 'same-origin',
    Connection: 'close',
  })
  response.end(html)
}
