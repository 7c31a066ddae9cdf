/**
 * What outlives a bridge: its folder, its key and the journal.
 * @module
 */
import { existsSync } from 'node:fs'
import { findIdentity } from '../../identity.ts'
import { journalFolderOf, listJournalFiles } from '../../journal/files.ts'
import { inspectJournal } from '../../journal/inspect.ts'
import { StateFolderError, assertPrivate } from '../../state-folder.ts'
import { type Finding, say } from '../finding.ts'
import type { Machine } from '../machine.ts'

export async function checkState({ stateFolder }: Machine): Promise<Finding[]> {
  if (!existsSync(stateFolder)) {
    return [
      {
        id: 'state.folder',
        state: 'good',
        text: say(
          'Trien chưa lưu gì trên máy này (chưa từng dùng).',
          'Trien keeps nothing on this computer yet.',
        ),
      },
    ]
  }
  try {
    assertPrivate(stateFolder, 'directory')
    return [folderGood(stateFolder), checkJournal(stateFolder)]
  } catch (error) {
    if (error instanceof StateFolderError) return [unsafe(error)]
    throw error
  }
}

function folderGood(stateFolder: string): Finding {
  return {
    id: 'state.folder',
    state: 'good',
    text: say(
      'Thư mục dữ liệu của Trien chỉ mình bạn vào được.',
      'Trien’s folder of state is open to you alone.',
    ),
    personal: [stateFolder],
  }
}

function unsafe({ message, hint }: StateFolderError): Finding {
  return {
    id: 'state.folder',
    state: 'bad',
    text: say(
      'Thư mục dữ liệu của Trien không an toàn: người khác vào được, hoặc nội dung bị hỏng. Trien sẽ không ký.',
      'Trien’s folder of state is not safe: others may reach it, or what is in it is damaged. Trien will not sign.',
    ),
    remedy: say(
      'Chạy trien-bridge doctor --full để xem lệnh cần chạy.',
      'Run trien-bridge doctor --full to see the command that mends it.',
    ),
    personal: [message, hint],
  }
}

function checkJournal(stateFolder: string): Finding {
  const folder = journalFolderOf(stateFolder)
  const identity = findIdentity(stateFolder)
  if (identity === undefined) {
    return listJournalFiles(folder).length === 0 ? journalEmpty() : journalBroken([folder])
  }
  const { bodies, findings } = inspectJournal(folder, identity)
  const breaks = findings.filter(({ isBreak }) => isBreak)
  if (breaks.length > 0) return journalBroken(breaks.map(({ place, text }) => `${place} ${text}`))
  if (bodies.length === 0) return journalEmpty()
  return {
    id: 'state.journal',
    state: 'good',
    text: say(
      `Nhật ký ký số nguyên vẹn, ${bodies.length} dòng.`,
      `The journal is whole, ${bodies.length} lines.`,
    ),
  }
}

function journalEmpty(): Finding {
  return {
    id: 'state.journal',
    state: 'good',
    text: say('Nhật ký ký số còn trống.', 'The journal is empty.'),
  }
}

function journalBroken(personal: readonly string[]): Finding {
  return {
    id: 'state.journal',
    state: 'bad',
    text: say(
      'Nhật ký ký số đã bị sửa, bị cắt hoặc mất khóa.',
      'The journal was changed or cut, or its key is gone.',
    ),
    remedy: say(
      'Sao lưu thư mục nhật ký, chạy trien-bridge journal verify và báo người quản trị.',
      'Keep a copy of the journal, run trien-bridge journal verify and tell your administrator.',
    ),
    personal,
  }
}
