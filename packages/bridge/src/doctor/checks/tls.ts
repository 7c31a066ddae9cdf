/**
 * The certificate for wss, where the person installed one: until when, and whether browsers believe it.
 * @module
 */
import { StateFolderError } from '../../state-folder.ts'
import { RENEW_BEFORE_MS } from '../../tls/identity.ts'
import { type TlsState, inspectTls } from '../../tls/inspect.ts'
import type { TrustRow } from '../../tls/trust.ts'
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
    return state.installed ? [judgeEnd(state, now), ...judgeTrust(state)] : [absent()]
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

/** One finding for each kind of browser, for each has stores of its own. */
function judgeTrust({ places, policies, missing }: Installed): Finding[] {
  if (missing !== undefined) return [unseen()]
  return [...new Set(places.map(({ readers }) => readers))].map((readers) =>
    judgeBrowsers(
      readers,
      places.filter((row) => row.readers === readers),
      policies.filter((file) => /firefox/.test(file) === (readers === 'Firefox')),
    ),
  )
}

function judgeBrowsers(
  readers: string,
  rows: readonly TrustRow[],
  policies: readonly string[],
): Finding {
  const id = `tls.trust.${readers.toLowerCase().replace(/[^a-z]+/g, '-')}`
  const [n, all] = [rows.filter(({ trusted }) => trusted).length, rows.length].map(String)
  const byPolicy = policies.length > 0
  const text = say(
    `${readers}: ${n} trong ${all} kho chứng chỉ tin chứng chỉ wss${byPolicy ? ', và chính sách của máy cũng vậy' : ''}.`,
    `${readers}: ${n} of ${all} certificate stores believe the wss certificate${byPolicy ? ', and so does a policy of this computer' : ''}.`,
  )
  const personal = [
    ...rows.map(({ place, trusted, problem }) =>
      [trusted ? '+' : '-', place, problem && `(${problem})`].filter(Boolean).join(' '),
    ),
    ...policies.map((file) => `+ ${file}`),
  ]
  if (n === all || byPolicy) return { id, state: 'good', text, personal }
  return { id, state: 'warning', text, remedy: INSTALL, personal }
}

function unseen(): Finding {
  return {
    id: 'tls.trust',
    state: 'unknown',
    text: say(
      'Không xem được trình duyệt có tin chứng chỉ wss không: máy thiếu certutil.',
      'Cannot see whether browsers believe the wss certificate: certutil is missing.',
    ),
    remedy: say('Cài: apt install libnss3-tools.', 'Install it: apt install libnss3-tools.'),
  }
}

function absent(): Finding {
  const text = say(
    'Chưa cài chứng chỉ wss; chỉ Safari, và Firefox ở vài cổng, cần đến.',
    'No wss certificate is installed; only Safari, and Firefox at some portals, need one.',
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
