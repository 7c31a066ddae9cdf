/**
 * The process that holds one PKCS#11 module: the only place where a vendor's code runs. It may crash or hang; the
 * supervisor sees to the rest.
 *
 * Its argument is the module's path, and its environment holds the module's parameters, given by the supervisor from
 * the machine's own configuration. The PIN comes over IPC only, and is overwritten after use.
 * @module
 */
import { Worker } from 'node:worker_threads'
import { type ErrorCode, type ErrorDetails, isSigningError } from '@trien/sdk/errors'
import { explainCkr } from './ckr.ts'
import { dropRepeated } from './identify.ts'
import { type HostReply, type HostRequest, MODULE_PARAMETERS, clearSecrets } from './messages.ts'
import { describeTokens, locateCertificates } from './host/certificates.ts'
import { type Module, findCkr, openModule } from './host/module.ts'
import { createOutbox } from './host/outbox.ts'
import { changePinOnToken, unblockToken } from './host/pin-care.ts'
import { createLook } from './host/presence.ts'
import { signOnToken } from './host/signing.ts'
import { ModuleFailure, type ModuleProblem } from './problem.ts'

const choice = { modulePath: process.argv[2] ?? '', parameters: process.env[MODULE_PARAMETERS] }
let opened: Module | undefined
const lookAtSlots = createLook()

// This thread cannot see the bridge's end while a driver's call blocks it.
new Worker(new URL('host-lifeline.js', import.meta.url), { stdout: true, stderr: true })

process.on('message', (request: HostRequest) => {
  answer(request).catch((error: unknown) => reply(explainFailure(error)))
})
// A terminal sends Ctrl-C to the whole group; when this process ends is for the bridge to say.
process.on('SIGINT', () => undefined)
// The bridge has closed, or is gone.
process.on('disconnect', () => {
  try {
    opened?.C_Finalize()
  } finally {
    process.exit(0)
  }
})

async function answer(request: HostRequest): Promise<void> {
  const module = (opened ??= openModule(choice))
  if (request.type === 'list') {
    const located = await locateCertificates(module)
    const certificates = dropRepeated(
      located.map(({ listed }) => listed),
      (certificate) => certificate,
    )
    await reply({ type: 'listed', certificates })
    return
  }
  if (request.type === 'describe') {
    await reply({ type: 'described', tokens: await describeTokens(module) })
    return
  }
  if (request.type === 'look') {
    await reply({ type: 'looked', presence: lookAtSlots(module) })
    return
  }
  try {
    if (request.type === 'sign') await sign(module, request)
    else await carePin(module, request)
  } finally {
    clearSecrets(request)
  }
  await reply({ type: 'done' })
}

async function sign(module: Module, request: HostRequest & { type: 'sign' }): Promise<void> {
  const outbox = createOutbox((first, signatures) => reply({ type: 'signed', first, signatures }))
  try {
    await signOnToken(module, {
      certificateId: request.certificateId,
      items: request.items,
      pin: decode(request.pin),
      onLoggedIn: () => reply({ type: 'logged-in' }),
      onSigned: (signature) => outbox.add(signature),
    })
  } finally {
    await outbox.flush()
  }
}

async function carePin(
  module: Module,
  request: HostRequest & { type: 'change-pin' | 'unblock' },
): Promise<void> {
  const run = request.type === 'change-pin' ? changePinOnToken : unblockToken
  const { token, secret, newPin } = request
  await run(module, { token, secret: decode(secret), newPin: decode(newPin) })
}

function decode(secret: Uint8Array | undefined): string | undefined {
  return secret === undefined ? undefined : new TextDecoder().decode(secret)
}

/** Resolves when the message has left, so that none waits behind a call that blocks. */
function reply(message: HostReply): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) throw new Error('the token host runs only under the bridge')
    process.send(message, (error: Error | null) => (error === null ? resolve() : reject(error)))
  })
}

function explainFailure(error: unknown): HostReply {
  const ckr = findCkr(error)
  const known = ckr === undefined ? error : explainCkr(ckr, { flags: undefined, isPresent: true })
  const reason = describeReason(error)
  const failed = (code: ErrorCode, details: ErrorDetails): HostReply => ({
    type: 'failed',
    code,
    details,
    reason,
    problem: findProblem(error),
  })
  // What is no error of ours nor a return value was thrown over an answer that makes no sense.
  return isSigningError(known)
    ? failed(known.code, known.details)
    : failed('TOKEN_DEVICE', { ckr: 'UNREADABLE_ANSWER' })
}

function findProblem(error: unknown): ModuleProblem | undefined {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof ModuleFailure ? cause.problem : undefined
}

/** One line; no error of this process holds a PIN, as none is ever put into a message. */
function describeReason(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  return String(cause instanceof Error ? cause.message : cause).split('\n', 1)[0] ?? ''
}
