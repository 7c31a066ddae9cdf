/**
 * Whether the bridge starts at login, and whether that is this bridge.
 * @module
 */
import { describeAutostart } from '../../install/autostart.ts'
import type { Item, ItemState } from '../../install/item.ts'
import { findLaunchCommand } from '../../install/launch-command.ts'
import { CommandFailure } from '../../failure.ts'
import { type Finding, say } from '../finding.ts'
import type { Machine } from '../machine.ts'

export async function checkAutostart({ place, uid, run }: Machine): Promise<Finding[]> {
  const command = findCommand()
  const looks = await Promise.all(
    [command, [...command, '--tls']].map(async (words) => {
      const { items } = await describeAutostart({ place, uid, run }, words)
      return { names: items.map(({ name }) => name), states: await lookAll(items) }
    }),
  )
  const personal = looks[0]?.names ?? []
  if (looks[0]?.states.every((state) => state === 'absent') === true) return [absent()]
  if (!looks.some(({ states }) => states.every((state) => state === 'same'))) {
    return [{ ...other(), personal }]
  }
  return [
    {
      id: 'autostart.entry',
      state: 'good',
      text: say('Trien tự chạy khi bạn đăng nhập.', 'Trien starts whenever you log in.'),
      personal,
    },
  ]
}

const lookAll = (items: readonly Item[]): Promise<ItemState[]> =>
  Promise.all(items.map((item) => item.look()))

function findCommand(): readonly string[] {
  try {
    return findLaunchCommand()
  } catch (error) {
    // Run by npx: whatever is installed is another one.
    if (error instanceof CommandFailure) return []
    throw error
  }
}

function absent(): Finding {
  return {
    id: 'autostart.entry',
    state: 'warning',
    text: say('Trien không tự chạy khi bạn đăng nhập.', 'Trien does not start when you log in.'),
    remedy: say('Chạy: trien-bridge install --user', 'Run: trien-bridge install --user'),
  }
}

function other(): Finding {
  return {
    id: 'autostart.entry',
    state: 'warning',
    text: say(
      'Khi đăng nhập sẽ chạy một bản Trien khác với bản này, hoặc mục tự chạy chưa đủ.',
      'Another Trien than this one starts when you log in, or the entry is not whole.',
    ),
    remedy: say('Chạy lại: trien-bridge install --user', 'Run again: trien-bridge install --user'),
  }
}
