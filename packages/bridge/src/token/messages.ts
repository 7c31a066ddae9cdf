/**
 * What supervisor and token host say to each other, over node's IPC with structured clone. One request at a time.
 * @module
 */
import type { ErrorCode, ErrorDetails } from '@trien/sdk/errors'
import type { Bytes } from '@trien/sdk/types'
import type { ModuleProblem } from './problem.ts'
import type { SeenToken, TokenCertificate, TokenPinRequest, TokenSignItem } from './types.ts'

/** A pipe that tells the host of the bridge's end, after stdin, stdout, stderr and IPC. Nothing is ever sent on it. */
export const LIFELINE_FD = 4

/** The host's environment variable that holds the module's parameters, where it has any. */
export const MODULE_PARAMETERS = 'TRIEN_MODULE_PARAMETERS'

/** What a host is started for, by the machine's own configuration. */
export interface ModuleChoice {
  readonly modulePath: string
  readonly parameters: string | undefined
}

/** Supervisor to host. */
export type HostRequest =
  | { readonly type: 'list' }
  | { readonly type: 'describe' }
  | { readonly type: 'look' }
  | {
      readonly type: 'sign'
      readonly certificateId: Uint8Array
      /** UTF-8; overwritten at both ends after use. Undefined where the reader has its own keypad. */
      readonly pin: Uint8Array | undefined
      readonly items: readonly TokenSignItem[]
    }
  | {
      readonly type: 'change-pin' | 'unblock'
      readonly token: TokenPinRequest['token']
      /** Both UTF-8, overwritten at both ends after use, and undefined where the reader has its own keypad. */
      readonly secret: Uint8Array | undefined
      readonly newPin: Uint8Array | undefined
    }

/** Overwrites what a request holds of secrets. */
export function clearSecrets(request: HostRequest): void {
  if (request.type === 'sign') request.pin?.fill(0)
  else if (request.type === 'change-pin' || request.type === 'unblock') {
    request.secret?.fill(0)
    request.newPin?.fill(0)
  }
}

/** Host to supervisor: any number of `logged-in` and `signed`, then one of the others. */
export type HostReply =
  | { readonly type: 'logged-in' }
  /** Those of the items from index `first` on, in order. */
  | { readonly type: 'signed'; readonly first: number; readonly signatures: readonly Bytes[] }
  | { readonly type: 'listed'; readonly certificates: readonly TokenCertificate[] }
  | { readonly type: 'described'; readonly tokens: readonly SeenToken[] }
  | { readonly type: 'looked'; readonly presence: string }
  | { readonly type: 'done' }
  | {
      readonly type: 'failed'
      readonly code: ErrorCode
      readonly details: ErrorDetails
      /** For the log of this machine only. */
      readonly reason: string
      /** Where the module itself cannot be used; `reason` is then its message. */
      readonly problem: ModuleProblem | undefined
    }
