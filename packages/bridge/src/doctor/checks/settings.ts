/**
 * The settings files: whether they can be read and believed.
 * @module
 */
import { existsSync } from 'node:fs'
import { CommandFailure } from '../../failure.ts'
import { readSettings } from '../../settings/settings.ts'
import { listSettingsFiles } from '../../settings/settings-file.ts'
import { type Finding, say } from '../finding.ts'
import type { Machine } from '../machine.ts'

export async function checkSettings({ place }: Machine): Promise<Finding[]> {
  const files = listSettingsFiles(place).filter((file) => existsSync(file))
  try {
    readSettings(place)
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    return [wrong(error)]
  }
  const count = files.length
  return [
    {
      id: 'settings.files',
      state: 'good',
      text:
        count === 0
          ? say('Không có tệp cấu hình (không bắt buộc).', 'No settings file (none is needed).')
          : say(`Đọc được ${count} tệp cấu hình.`, `${count} settings file(s) read.`),
      personal: files,
    },
  ]
}

function wrong({ message, hint }: CommandFailure): Finding {
  return {
    id: 'settings.files',
    state: 'bad',
    text: say(
      'Tệp cấu hình bridge.json có lỗi nên Trien không khởi động được.',
      'The settings file bridge.json is wrong, so that Trien does not start.',
    ),
    remedy: say(
      'Chạy trien-bridge tokens để biết tệp nào và sai ở đâu, rồi sửa lại.',
      'Run trien-bridge tokens to see which file and what is wrong, then mend it.',
    ),
    personal: [message, hint],
  }
}
