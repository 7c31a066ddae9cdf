/**
 * The clock, judged without the network: against the system's own word, and against times that have already been.
 * @module
 */
import { statSync } from 'node:fs'
import path from 'node:path'
import { journalFolderOf, listJournalFiles } from '../../journal/files.ts'
import { type Finding, say } from '../finding.ts'
import type { Machine } from '../machine.ts'

/** This release was not out before. */
const RELEASED = Date.parse('2026-11-01T00:00:00Z')
const TOLERANCE_MS = 120_000
const REMEDY = say(
  'Bật tự động chỉnh giờ: timedatectl set-ntp true (Linux), hoặc trong phần cài đặt Ngày & giờ.',
  'Let the system set its clock: timedatectl set-ntp true (Linux), or in its settings for date and time.',
)

export async function checkClock(machine: Machine): Promise<Finding[]> {
  const now = machine.now.getTime()
  const past = Math.max(RELEASED, ...listPastTimes(machine.stateFolder))
  if (now < past - TOLERANCE_MS) return [slow()]
  const isSet = await readSynchronized(machine)
  if (isSet === undefined) return [unknown()]
  return [isSet ? good() : notSet()]
}

/** Times at which the bridge wrote something: they have been. */
function listPastTimes(stateFolder: string): number[] {
  const journal = journalFolderOf(stateFolder)
  const files = [
    path.join(stateFolder, 'origins.json'),
    path.join(stateFolder, 'identity.key'),
    path.join(journal, 'head.json'),
    ...listJournalFiles(journal).map((name) => path.join(journal, name)),
  ]
  return files.flatMap((file) => {
    const found = statSync(file, { throwIfNoEntry: false })
    return found === undefined ? [] : [found.mtimeMs]
  })
}

/** @returns undefined where the system does not tell */
async function readSynchronized({ platform, run }: Machine): Promise<boolean | undefined> {
  if (platform !== 'linux') return undefined
  const told = await run('timedatectl', 'show', '--property=NTPSynchronized', '--value')
  const word = told?.trim()
  return word === 'yes' ? true : word === 'no' ? false : undefined
}

function slow(): Finding {
  return {
    id: 'clock.time',
    state: 'bad',
    text: say(
      'Đồng hồ của máy chạy chậm: đã lùi về trước lần Trien ghi dữ liệu gần nhất.',
      'The clock is slow: it stands before times at which Trien has already written.',
    ),
    remedy: REMEDY,
  }
}

function notSet(): Finding {
  return {
    id: 'clock.time',
    state: 'warning',
    text: say(
      'Máy không tự chỉnh giờ; giờ sai sẽ làm sai thời điểm ký.',
      'The clock is not kept by the network; a wrong one gives signatures a wrong time.',
    ),
    remedy: REMEDY,
  }
}

function unknown(): Finding {
  return {
    id: 'clock.time',
    state: 'unknown',
    text: say(
      'Hệ thống không cho biết đồng hồ có được tự chỉnh không; hãy so với đồng hồ chuẩn.',
      'The system does not tell whether its clock is kept; compare it with one that is.',
    ),
  }
}

function good(): Finding {
  return {
    id: 'clock.time',
    state: 'good',
    text: say('Đồng hồ được tự chỉnh theo mạng.', 'The clock is kept by the network.'),
  }
}
