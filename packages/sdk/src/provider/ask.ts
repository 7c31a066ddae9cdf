/**
 * How the code behind a method of the bridge, loaded when the method is first called, reaches the bridge.
 * @module
 */
import type { RequestType } from '../wire/message-types.ts'
import type { RequestOptions } from './connection.ts'

/**
 * Asks the bridge one question, on the connection that is there or else is found now.
 * @throws as `Bridge.ready` and `Connection.request`
 */
export type Ask = <P, R>(type: RequestType<P, R>, params: P, options?: RequestOptions) => Promise<R>
