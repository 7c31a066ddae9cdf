/**
 * The bridge on a machine with neither display nor terminal, where the demo's token is asked for in a page.
 * @module
 */
import { type BridgeProcess, startBridge } from './bridge-process.ts'

/** Starts it with `--demo`; without it there is no way to ask at all. */
export function startFacelessBridge(...args: readonly string[]): Promise<BridgeProcess> {
  return startBridge({
    args,
    env: { DISPLAY: undefined, WAYLAND_DISPLAY: undefined },
    withoutTerminal: true,
  })
}
