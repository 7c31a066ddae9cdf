/**
 * JSON-RPC 2.0 envelopes: text frame ⇄ message. Both ends use it.
 * @module
 */
import {
  BridgeError,
  type ErrorCode,
  type SigningError,
  createError,
  encodeErrorMessage,
  isErrorCode,
  readDetails,
} from '../errors.ts'
import { allowedDetails } from '../error-details.ts'

/** A frame, read but its params and result not yet checked against a shape. */
export type Message =
  | {
      readonly type: 'request'
      readonly id: number
      readonly method: string
      readonly params: unknown
    }
  | { readonly type: 'notification'; readonly method: string; readonly params: unknown }
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  | { readonly type: 'error'; readonly id: number | null; readonly error: SigningError }

/** Reserved numbers of JSON-RPC 2.0 §5.1; our own codes travel in `data.code` under SERVER_ERROR. */
export const PARSE_ERROR = -32700
export const INVALID_REQUEST = -32600
export const METHOD_NOT_FOUND = -32601
export const INVALID_PARAMS = -32602
export const SERVER_ERROR = -32000

export function encodeRequest(id: number, method: string, params: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params })
}

export function encodeNotification(method: string, params: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', method, params })
}

export function encodeResult(id: number, result: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', id, result })
}

/** Only code, message and allowed details cross the wire. */
export function encodeError(id: number | null, error: SigningError, number = SERVER_ERROR): string {
  const { code } = error
  const details = allowedDetails(code, error.details)
  const message = encodeErrorMessage(code, details)
  return JSON.stringify({
    jsonrpc: '2.0',
    id,
    error: { code: number, message, data: { code, details } },
  })
}

/**
 * Reads one frame.
 * @throws {BridgeError} BRIDGE_PROTOCOL; `details.problem` is `parse` or `envelope`
 */
export function parseMessage(frame: string): Message {
  let value: unknown
  try {
    value = JSON.parse(frame)
  } catch {
    throw new BridgeError('BRIDGE_PROTOCOL', { details: { problem: 'parse' } })
  }
  const message = isRecord(value) && value['jsonrpc'] === '2.0' ? readEnvelope(value) : undefined
  if (message === undefined) {
    throw new BridgeError('BRIDGE_PROTOCOL', { details: { problem: 'envelope' } })
  }
  return message
}

function readEnvelope(value: Record<string, unknown>): Message | undefined {
  const { id, method, params, result, error } = value
  const hasId = Number.isSafeInteger(id) && (id as number) > 0
  if (typeof method === 'string' && method.length <= 100) {
    if (hasId) return { type: 'request', id: id as number, method, params }
    return id === undefined ? { type: 'notification', method, params } : undefined
  }
  if (hasId && result !== undefined) return { type: 'result', id: id as number, result }
  if ((hasId || id === null) && isRecord(error)) {
    return { type: 'error', id: id as number | null, error: readError(error) }
  }
  return undefined
}

/** A peer's error becomes one of ours; its prose is never shown. */
function readError(error: Record<string, unknown>): SigningError {
  const data = isRecord(error['data']) ? error['data'] : {}
  const code: ErrorCode = isErrorCode(data['code']) ? data['code'] : 'BRIDGE_PROTOCOL'
  const details = isRecord(data['details']) ? data['details'] : {}
  return createError(code, { details: readDetails(details) })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
