/**
 * One request of a page on its way through the bridge, apart from the socket it came on.
 * @module
 */
import { BridgeError } from '@trien/sdk/errors'
import { type NotificationType, type RequestType, ShapeError } from '@trien/sdk/wire'

/** What a handler knows of who asks. */
export interface Call {
  /** The page's origin, admitted by the gate. */
  readonly origin: string
  /** The port that the page dialled. */
  readonly port: number
  /** The request's own id, for notifications that belong to it. */
  readonly request: number
  /** Aborts when the page cancels or its socket closes. */
  readonly signal: AbortSignal
  /** Hears what the page goes on to say of this request; to be called before anything is awaited. */
  onMore(listener: (method: string, params: unknown) => void): void
  /** Sends a notification to the page. */
  notify<Params>(type: NotificationType<Params>, params: Params): void
}

/** A method of the wire with what answers it. */
export interface Method {
  readonly name: string
  /** @throws {BridgeError} BRIDGE_PROTOCOL {problem} where the params have not the promised shape */
  answer(params: unknown, call: Call): Promise<unknown>
}

/** Binds a method of the wire to its handler: params are read and the result is written by their shapes. */
export function defineMethod<Params, Result>(
  type: RequestType<Params, Result>,
  handle: (params: Params, call: Call) => Promise<Result>,
): Method {
  return {
    name: type.method,
    async answer(params, call) {
      return type.result.write(await handle(readParams(type, params), call))
    },
  }
}

function readParams<Params>(type: RequestType<Params, unknown>, params: unknown): Params {
  try {
    return type.params.read(params, 'params')
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error
    throw new BridgeError('BRIDGE_PROTOCOL', { details: { problem: error.path }, cause: error })
  }
}
