/**
 * The certificate for wss, where the person installed one: until when, and whether browsers believe it.
 * @module
 */
import { StateFolderError } from '../../state-folder.ts'
import { RENEW_BEFORE_MS } from '../../tls/identity.ts'
import { type TlsState, inspectTls } from '../../tls/inspect.ts'
import { type Finding, say } from '../finding.ts'
import type { Machine } from '../machine.ts'

const RENEW = say(
  'Chạy: trien-bridge tls install --renew, rồi mở lại trình duyệt.',
  'Run: trien-bridge tls install --renew, then restart the browsers.',
)
const INSTALL = say(
  'Chạy: trien-bridge tls install, rồi mở lại trình duyệt.',
  'Run: trien-bridge tls install, then restart the browsers.',
)

export async function checkTls({ stateFolder, now }: Machine): Promise<Finding[]> {
  try {
    const state = await inspectTls(stateFolder)
    return state.installed ? [judgeEnd(state, now), judgeTrust(state)] : [absent()]
  } catch (error) {
    if (error instanceof StateFolderError) return [unreadable()]
    throw error
  }
}

type Installed = Extract<TlsState, { installed: true }>

function judgeEnd({ notAfter }: Installed, now: Date): Finding {
  const leftMs = Date.parse(notAfter) - now.getTime()
  const day = notAfter.slice(0, 10)
  const id = 'tls.end'
  if (leftMs <= 0) {
    const text = say(`Chứng chỉ wss đã hết hạn ngày ${day}.`, `The wss certificate ended ${day}.`)
    return { id, state: 'bad', text, remedy: RENEW }
  }
  const text = say(`Chứng chỉ wss có hạn đến ${day}.`, `The wss certificate is good until ${day}.`)
  return leftMs > RENEW_BEFORE_MS
    ? { id, state: 'good', text }
    : { id, state: 'warning', text, remedy: RENEW }
}

function judgeTrust({ places, policies, missing }: Installed): Finding {
  const id = 'tls.trust'
  if (missing !== undefined) {
    const text = say(
      'Không xem được trình duyệt có tin chứng chỉ wss không: máy thiếu certutil.',
      'Cannot see whether browsers believe the wss certificate: certutil is missing.',
    )
    const remedy = say('Cài: apt install libnss3-tools.', 'Install it: apt install libnss3-tools.')
    return { id, state: 'unknown', text, remedy }
  }
  const personal = [
    ...places.map(({ place, trusted }) => `${trusted ? '+' : '-'} ${place}`),
    ...policies.map((policy) => `+ ${policy}`),
  ]
  const trusted = places.filter((row) => row.trusted).length
  const [n, all] = [String(trusted), String(places.length)]
  const text = say(
    `${n} trong ${all} kho chứng chỉ của trình duyệt tin chứng chỉ wss.`,
    `${n} of ${all} certificate stores of browsers believe the wss certificate.`,
  )
  if (trusted === places.length || policies.length > 0) return { id, state: 'good', text, personal }
  const state = trusted === 0 ? 'bad' : 'warning'
  return { id, state, text, remedy: INSTALL, personal }
}

function absent(): Finding {
  const text = say(
    'Chưa cài chứng chỉ wss; chỉ Safari cần đến.',
    'No wss certificate is installed; only Safari needs one.',
  )
  return { id: 'tls.end', state: 'good', text }
}

function unreadable(): Finding {
  const text = say(
    'Không đọc được chứng chỉ wss, hoặc người khác cũng đọc được khóa của nó.',
    'The wss certificate cannot be read, or others can read its key.',
  )
  return { id: 'tls.end', state: 'bad', text, remedy: RENEW }
}
