/**
 * Readers on USB, and the system's smart card service that drives them.
 * @module
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { type Place, locate } from '../../settings/place.ts'
import { type Finding, say } from '../finding.ts'
import type { Machine } from '../machine.ts'

const SOCKET = '/run/pcscd/pcscd.comm'
const PROGRAMS = ['/usr/sbin/pcscd', '/usr/bin/pcscd', '/usr/local/sbin/pcscd']
const USB_DEVICES = '/sys/bus/usb/devices'
/** USB class of chip card interface devices (USB-IF, CCID 1.1 §4.1). */
const CCID_CLASS = '0b'

export async function checkReaders(machine: Machine): Promise<Finding[]> {
  const { place, platform } = machine
  if (platform === 'win32') return [await checkWindows(machine)]
  if (platform !== 'linux') return []
  const readers = countUsbReaders(place)
  return [describeReaders(readers), describePcscd(place, readers ?? 0)]
}

/** @returns undefined where the system has no list of USB devices */
function countUsbReaders(place: Place): number | undefined {
  const folder = locate(place, USB_DEVICES)
  try {
    return readdirSync(folder).filter((name) => {
      const file = `${folder}/${name}/bInterfaceClass`
      return name.includes(':') && readFileSync(file, 'utf8').trim() === CCID_CLASS
    }).length
  } catch {
    return undefined
  }
}

function describeReaders(count: number | undefined): Finding {
  const id = 'readers.usb'
  if (count === undefined) {
    return {
      id,
      state: 'unknown',
      text: say(
        'Hệ thống không cho biết có đầu đọc thẻ nào trên USB.',
        'The system does not tell which readers are on USB.',
      ),
    }
  }
  if (count > 0) {
    const text = say(
      `Có ${count} đầu đọc thẻ hoặc USB token (CCID) trên USB.`,
      `${count} reader(s) or token(s) of the CCID kind are on USB.`,
    )
    return { id, state: 'good', text }
  }
  return {
    id,
    state: 'unknown',
    text: say(
      'Không thấy đầu đọc thẻ hay USB token loại CCID trên USB; một số token là loại khác.',
      'No reader or token of the CCID kind is on USB; some tokens are of another kind.',
    ),
  }
}

function describePcscd(place: Place, readers: number): Finding {
  const id = 'readers.pcscd'
  if (existsSync(locate(place, SOCKET))) {
    const text = say(
      'Dịch vụ thẻ thông minh (pcscd) đã bật.',
      'The smart card service (pcscd) is on.',
    )
    return { id, state: 'good', text }
  }
  const state = readers > 0 ? 'bad' : 'warning'
  return PROGRAMS.some((file) => existsSync(locate(place, file)))
    ? {
        id,
        state,
        text: say(
          'Dịch vụ thẻ thông minh (pcscd) đã cài nhưng chưa bật.',
          'The smart card service (pcscd) is installed and not started.',
        ),
        remedy: say(
          'Chạy: sudo systemctl enable --now pcscd.socket',
          'Run: sudo systemctl enable --now pcscd.socket',
        ),
      }
    : {
        id,
        state,
        text: say(
          'Chưa cài dịch vụ thẻ thông minh (pcscd).',
          'The smart card service (pcscd) is not installed.',
        ),
        remedy: say('Chạy: sudo apt install pcscd', 'Run: sudo apt install pcscd'),
      }
}

/** Windows starts the service with the first reader, and stops it with the last. */
async function checkWindows({ run }: Machine): Promise<Finding> {
  const told = await run('sc.exe', 'query', 'SCardSvr')
  if (told === undefined || told.includes('RUNNING')) {
    return {
      id: 'readers.scardsvr',
      state: told === undefined ? 'unknown' : 'good',
      text:
        told === undefined
          ? say(
              'Không rõ trạng thái dịch vụ Smart Card.',
              'The Smart Card service does not answer.',
            )
          : say('Dịch vụ Smart Card đang chạy.', 'The Smart Card service runs.'),
    }
  }
  return {
    id: 'readers.scardsvr',
    state: 'warning',
    text: say('Dịch vụ Smart Card chưa chạy.', 'The Smart Card service does not run.'),
    remedy: say(
      'Cắm USB token; nếu vẫn vậy, mở services.msc và bật Smart Card.',
      'Plug the token in; if it stays so, open services.msc and start Smart Card.',
    ),
  }
}
