/**
 * Asks in a page that the bridge serves: only for the embedded demo token, and only on a machine with neither display
 * nor terminal. A real bridge never asks for a PIN in a page, and this page says so.
 * @module
 */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { UserError } from '@trien/sdk/errors'
import { log } from '../log.ts'
import { CONTENT_SECURITY_POLICY, renderAnswered, renderQuestion } from './page-html.ts'
import type { ListQuestion, Prompt, SignQuestion } from './types.ts'
import { type Words, wordEmptyPin, wordList, wordSign } from './wording.ts'

const FOLDER = '/prompt/'
const MAX_BODY_BYTES = 4096

/** A prompt and the HTTP side of it. */
export interface PagePrompt {
  readonly prompt: Prompt
  /** Answers a request for the page; false where the path is not one of ours. Host was checked before. */
  serve(request: IncomingMessage, response: ServerResponse, port: number): boolean
}

interface Open {
  readonly path: string
  readonly question: ListQuestion | SignQuestion
  readonly words: Words
  readonly answer: (form: URLSearchParams) => boolean
}

/**
 * Makes the prompt. Its URL is new for every question, cannot be guessed and dies with the answer.
 * @param port the port that the bridge listens on, asked when a question comes
 */
export function createPagePrompt(port: () => number): PagePrompt {
  // One question is open at a time: the bridge's queue sees to that.
  let open: Open | undefined
  const ask = async <T>(
    question: ListQuestion | SignQuestion,
    signal: AbortSignal,
    answerOf: (form: URLSearchParams) => T | undefined,
  ): Promise<T> => {
    const { answered, ...opened } = openQuestion(question, signal, answerOf)
    open = opened
    question.announcePage(`http://127.0.0.1:${port()}${opened.path}`)
    return answered.finally(() => {
      open = undefined
    })
  }
  return {
    prompt: {
      async confirmList(question, signal) {
        await ask(question, signal, () => true)
      },
      async askSign(question, signal) {
        const pin = await ask(question, signal, (form) =>
          question.asksPin ? form.get('pin') || undefined : '',
        )
        return question.asksPin ? pin : undefined
      },
    },
    serve(request, response, ownPort) {
      if (open === undefined || request.url !== open.path) return false
      if (request.method === 'GET') send(response, 200, renderQuestion(open.question, open.words))
      else if (request.method === 'POST') void receive(open, request, response, ownPort)
      else send(response, 405, '')
      return true
    },
  }
}

/** @param answerOf reads the accepting form; undefined where something is missing in it */
function openQuestion<T>(
  question: ListQuestion | SignQuestion,
  signal: AbortSignal,
  answerOf: (form: URLSearchParams) => T | undefined,
): Open & { readonly answered: Promise<T> } {
  const { promise, resolve, reject } = withResolvers<T>()
  const onAbort = (): void => {
    reject(signal.reason)
  }
  signal.throwIfAborted()
  signal.addEventListener('abort', onAbort, { once: true })
  return {
    path: FOLDER + randomBytes(32).toString('base64url'),
    question,
    words: question.kind === 'list' ? wordList(question) : wordSign(question),
    answered: promise.finally(() => {
      signal.removeEventListener('abort', onAbort)
    }),
    answer(form) {
      if (form.get('decision') !== 'accept') {
        reject(new UserError(question.kind === 'list' ? 'USER_DENIED' : 'USER_CANCELLED'))
        return true
      }
      const value = answerOf(form)
      if (value !== undefined) resolve(value)
      return value !== undefined
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

async function receive(
  open: Open,
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
): Promise<void> {
  const { language } = open.question
  // Only our own form may answer: whoever learned the URL could else post to it from a page of his.
  if (request.headers.origin !== `http://127.0.0.1:${port}`) {
    log('refused an answer to the prompt page from another origin')
    send(response, 403, '')
    return
  }
  const body = await readBody(request)
  if (body === undefined) send(response, 413, '')
  else if (open.answer(new URLSearchParams(body))) send(response, 200, renderAnswered(language))
  else send(response, 200, renderQuestion(open.question, open.words, wordEmptyPin(language)))
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

function send(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, {
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
