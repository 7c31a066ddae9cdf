/**
 * The value that Windows starts at login: HKCU\…\Run, by reg.exe. Untested on a real system.
 * @module
 */
import type { Item } from './item.ts'
import type { Run } from './machine.ts'

const KEY = 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run'
const VALUE = 'Trien'

/** @param run gives undefined where the program fails */
export function runKeyItem(command: readonly string[], run: Run): Item {
  const content = command.map(quoteArgument).join(' ')
  const reg = async (...args: string[]): Promise<string> => {
    const told = await run('reg.exe', ...args)
    if (told === undefined) throw new Error(`reg.exe ${args[0]} failed`)
    return told
  }
  return {
    name: `${KEY}\\${VALUE}`,
    content,
    async look() {
      const told = await run('reg.exe', 'query', KEY, '/v', VALUE)
      if (told === undefined) return 'absent'
      const data = /REG_SZ\s+(.*)/.exec(told)?.[1]?.trimEnd()
      return data === content ? 'same' : 'other'
    },
    async put() {
      await reg('add', KEY, '/v', VALUE, '/t', 'REG_SZ', '/d', content, '/f')
    },
    async remove() {
      await reg('delete', KEY, '/v', VALUE, '/f')
    },
  }
}

/** As CommandLineToArgvW reads it; a path of Windows can hold no quote. */
function quoteArgument(argument: string): string {
  return /[\s&^]/.test(argument) ? `"${argument}"` : argument
}
