/**
 * How the person would be asked for consent and PIN by a bridge started where the doctor was.
 * @module
 */
import path from 'node:path'
import { choosePrompt } from '../../prompt/choose.ts'
import { type Finding, say } from '../finding.ts'
import type { Machine } from '../machine.ts'

const REMEDY = say(
  'Cài một pinentry có cửa sổ (sudo apt install pinentry-gtk2), rồi đăng nhập lại vào màn hình làm việc.',
  'Install a pinentry with a window (sudo apt install pinentry-gtk2), then log in to the desktop again.',
)

export async function checkPrompt({ place, platform }: Machine): Promise<Finding[]> {
  const { way } = await choosePrompt({
    pinentry: undefined,
    env: place.env,
    platform,
    page: undefined,
  })
  if (way === undefined) return [withoutPrompt()]
  return [way.includes('terminal') ? inTerminal() : inWindow(path.basename(way))]
}

function withoutPrompt(): Finding {
  return {
    id: 'prompt.way',
    state: 'bad',
    text: say(
      'Không có cách nào để hỏi mã PIN: không có cửa sổ, cũng không có dòng lệnh.',
      'There is no way to ask for the PIN: neither a window nor a terminal.',
    ),
    remedy: REMEDY,
  }
}

function inTerminal(): Finding {
  return {
    id: 'prompt.way',
    state: 'warning',
    text: say(
      'Mã PIN chỉ hỏi được trong cửa sổ dòng lệnh này; khi Trien tự khởi động thì sẽ không hỏi được.',
      'The PIN can be asked in this terminal only; a Trien that starts by itself could not ask.',
    ),
    remedy: REMEDY,
  }
}

function inWindow(program: string): Finding {
  return {
    id: 'prompt.way',
    state: 'good',
    text: say(`Mã PIN được hỏi qua ${program}.`, `The PIN is asked through ${program}.`),
  }
}
