/**
 * Everything that signs for the matrix: tokens of SoftHSM2 behind the bridge as its own process, a software key for the
 * curve that they lack, and one for a colleague. What is built on a signature depends on no more of it than its value, and
 * no level changes what is signed: above B-B the tokens' own keys sign in memory, where nobody is asked for a PIN.
 * @module
 */
import WebSocket from 'ws'
import { type Bridge, type WebSocketConstructor, connect } from '@trien/sdk/bridge'
import type { Signer } from '@trien/sdk/types'
import { type BridgeProcess, startBridge } from '../bridge-process.ts'
import { type ScriptedPinentry, createScriptedPinentry } from '../scripted-pinentry.ts'
import { type SoftHsm, createSoftHsm } from '../softhsm.ts'
import { softwareSignerOf } from '../software-signer.ts'
import type { Cell, SigningMeans } from './container.ts'

/** A portal's socket: what a browser adds by itself. */
class PortalSocket extends WebSocket {
  constructor(url: string, protocol: string) {
    super(url, protocol, { origin: 'http://localhost:8080' })
  }
}

export interface Desk {
  readonly hsm: SoftHsm
  meansFor(cell: Cell): Promise<SigningMeans>
  close(): Promise<void>
}

/** Opens a desk; the caller closes it. */
export async function openDesk(): Promise<Desk> {
  const hsm = createSoftHsm()
  const pinentry = createScriptedPinentry({ getpin: 'pin', pin: hsm.pin, confirm: 'ok' })
  const { keys } = hsm.addToken('matrix')
  const software = hsm.authority.issue('P-521', 'software')
  let process: BridgeProcess | undefined
  let bridge: Bridge | undefined
  const close = async (): Promise<void> => {
    bridge?.close()
    await process?.stop()
    pinentry.remove()
    hsm.close()
  }
  try {
    process = await startMatrixBridge(hsm, pinentry)
    bridge = await connectTo(process)
    const certificates = await bridge.listCertificates()
    const colleague = await softwareSignerOf(
      hsm.authority.issue('P-256', 'colleague'),
      'ES256',
      hsm.authority,
    )
    const timestamp = hsm.authority.openTimestamps()
    const authorities = hsm.authority.openAuthorities({ hasDeputy: true })
    const signerFor = async ({ key, algorithm, level }: Cell): Promise<Signer> => {
      const issued = [...keys, software].find(({ kind }) => kind === key)!
      if (issued === software || level !== 'B-B') {
        return softwareSignerOf(issued, algorithm, hsm.authority)
      }
      const listed = certificates.find(({ certificate }) =>
        Buffer.from(certificate).equals(issued.certificate),
      )
      if (listed === undefined) throw new Error(`the bridge does not list the ${key} certificate`)
      return bridge!.signer(listed)
    }
    return {
      hsm,
      close,
      meansFor: async (cell) => ({
        signer: await signerFor(cell),
        colleague,
        timestamp,
        authorities,
      }),
    }
  } catch (error) {
    await close()
    throw error
  }
}

function startMatrixBridge(hsm: SoftHsm, pinentry: ScriptedPinentry): Promise<BridgeProcess> {
  return startBridge({
    args: ['--module', hsm.modulePath, '--pinentry', pinentry.program],
    env: { ...hsm.env, ...pinentry.env },
  })
}

async function connectTo({ port }: BridgeProcess): Promise<Bridge> {
  const webSocket = PortalSocket as unknown as WebSocketConstructor
  const bridge = connect({ ports: [port], webSocket })
  await bridge.ready()
  return bridge
}
