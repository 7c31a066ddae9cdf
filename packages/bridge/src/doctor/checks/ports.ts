/**
 * The ports of the bridge: whether one runs, and who else holds them.
 * @module
 */
import { type Finding, say } from '../finding.ts'
import { type Greeting, greet } from '../../server/greeting.ts'
import { type Listener, findHolder, parseListeners } from '../listening.ts'
import type { Machine } from '../machine.ts'
import { VERSION } from '../../version.ts'

export async function checkPorts(machine: Machine): Promise<Finding[]> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => machine.read(file)),
  )
  const listeners = tables.flatMap((table) => parseListeners(table ?? ''))
  const looks = await Promise.all(
    machine.ports.map(async (port) => {
      const own = listeners.filter((listener) => listener.port === port)
      return describePort(port, await greet(port), own, machine)
    }),
  )
  const found = looks.flat()
  return found.some(({ id }) => id === 'ports.bridge') ? found : [notRunning(), ...found]
}

function describePort(
  port: number,
  greeting: Greeting,
  listeners: readonly Listener[],
  { uid }: Machine,
): Finding[] {
  // Not of another user: that one's gate would have refused us, but a stranger's program need not.
  const foreign = listeners.find((listener) => uid !== undefined && listener.uid !== uid)
  if (foreign !== undefined) return [heldByOther(port, foreign.uid)]
  if (greeting.kind === 'bridge') return [running(port, greeting.version)]
  if (greeting.kind === 'closed' && listeners.length === 0) return []
  return [heldByProgram(port, listeners[0])]
}

function running(port: number, version: string): Finding {
  const isOther = version !== VERSION
  return {
    id: 'ports.bridge',
    state: isOther ? 'warning' : 'good',
    text: say(
      `Trien ${version} đang chạy ở cổng ${port}.`,
      `Trien ${version} runs on port ${port}.`,
    ),
    ...(isOther ? { remedy: RESTART } : {}),
  }
}

const RESTART = say(
  `Bản đang chạy khác bản vừa cài (${VERSION}); hãy khởi động lại Trien hoặc đăng nhập lại.`,
  `What runs is not what is installed (${VERSION}); start Trien again, or log in again.`,
)

function notRunning(): Finding {
  return {
    id: 'ports.none',
    state: 'bad',
    text: say(
      'Trien chưa chạy nên các cổng không ký được.',
      'Trien does not run, so no site can sign.',
    ),
    remedy: say(
      'Chạy trien-bridge serve, hoặc trien-bridge install --user để tự chạy khi đăng nhập.',
      'Run trien-bridge serve, or trien-bridge install --user to have it start at each login.',
    ),
  }
}

function heldByOther(port: number, uid: number): Finding {
  return {
    id: `ports.${port}`,
    state: 'warning',
    text: say(
      `Cổng ${port} do chương trình của người dùng khác trên máy này giữ; trang web sẽ thử cổng kế tiếp.`,
      `Port ${port} is held by a program of another user of this computer; pages try the next port.`,
    ),
    remedy: say(
      'Nếu người đó cũng dùng Trien thì không cần làm gì.',
      'Where that user has Trien too, nothing needs to be done.',
    ),
    personal: [`uid ${uid}`],
  }
}

function heldByProgram(port: number, listener: Listener | undefined): Finding {
  const holder = listener === undefined ? undefined : findHolder(listener.inode)
  const name = holder?.name === undefined || holder.name === '' ? '?' : holder.name
  return {
    id: `ports.${port}`,
    state: 'warning',
    text: say(
      `Cổng ${port} do chương trình khác giữ (${name}), không phải Trien.`,
      `Port ${port} is held by another program (${name}), which is not Trien.`,
    ),
    remedy: say(
      'Tắt chương trình đó nếu bạn không biết nó; Trien và trang web sẽ dùng cổng kế tiếp.',
      'End that program if you do not know it; Trien and pages go on to the next port.',
    ),
    ...(holder === undefined ? {} : { personal: [`pid ${holder.pid}`] }),
  }
}
