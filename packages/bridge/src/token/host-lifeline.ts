/**
 * The token host's lifeline, in a thread beside the one that a driver may block for ever: a pipe whose other end only
 * the bridge holds. When the bridge is gone, by whatever death, the pipe ends and so does this process.
 * @module
 */
import { Socket } from 'node:net'
import { LIFELINE_FD } from './messages.ts'

/** Time for the module to finish, where it still listens. */
const FINISH_MS = 1000

const lifeline = new Socket({ fd: LIFELINE_FD, readable: true, writable: false })
// An end and a broken pipe mean the same.
lifeline.on('error', () => undefined)
lifeline.on('close', () => {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), FINISH_MS)
})
lifeline.resume()
