/**
 * Why a module cannot be used and what to do, in both languages.
 * @module
 */
import type { ModuleProblem } from '../token/problem.ts'
import { type InBoth, say } from './finding.ts'

interface ProblemWords {
  /** Follows the module's name and a colon. */
  readonly text: InBoth
  readonly remedy: InBoth
}

const INSTALL_AGAIN = say('Cài lại trình điều khiển.', 'Install the driver again.')
const NAME_THE_LIBRARY = say(
  'Ghi đúng tên thư viện PKCS#11 của trình điều khiển trong bridge.json.',
  'Name the PKCS#11 library of the driver in bridge.json, not another file of it.',
)

export const MODULE_PROBLEMS: Readonly<Record<ModuleProblem, ProblemWords>> = {
  missing: {
    text: say('không còn tệp này.', 'the file is not there.'),
    remedy: say(
      'Cài lại trình điều khiển, hoặc bỏ tên nó khỏi cấu hình.',
      'Install the driver again, or take its name out of the settings.',
    ),
  },
  unreadable: {
    text: say('bạn không được phép đọc tệp này.', 'you may not read the file.'),
    remedy: say(
      'Cho phép người dùng đọc tệp, hoặc cài lại trình điều khiển.',
      'Let the user read the file, or install the driver again.',
    ),
  },
  'not-a-file': {
    text: say('đây không phải là một tệp.', 'this is no file.'),
    remedy: NAME_THE_LIBRARY,
  },
  unsafe: {
    text: say(
      'mọi người dùng trên máy đều sửa được tệp này nên Trien không nạp.',
      'everybody on this computer may change the file, so Trien does not load it.',
    ),
    remedy: say(
      'Cài lại trình điều khiển, rồi chạy chmod o-w cho tệp đó.',
      'Install the driver again, then chmod o-w the file.',
    ),
  },
  'not-a-library': {
    text: say('đây không phải là thư viện.', 'this is no library.'),
    remedy: NAME_THE_LIBRARY,
  },
  damaged: { text: say('tệp bị hỏng.', 'the file is damaged.'), remedy: INSTALL_AGAIN },
  'other-system': {
    text: say('tệp dành cho hệ điều hành khác.', 'the file is for another operating system.'),
    remedy: say(
      'Cài bản dành cho hệ điều hành này.',
      'Install the driver that the vendor makes for this system.',
    ),
  },
  'other-architecture': {
    text: say(
      'tệp dành cho bộ xử lý khác hoặc là bản 32 bit.',
      'the file is for another processor, or of the other width (32 bit).',
    ),
    remedy: say(
      'Cài bản 64 bit của trình điều khiển.',
      'Install the driver for this processor (on most computers the 64-bit one).',
    ),
  },
  'not-a-module': {
    text: say('thư viện này không phải là PKCS#11.', 'this library is no PKCS#11 module.'),
    remedy: NAME_THE_LIBRARY,
  },
  'not-loaded': {
    text: say(
      'hệ điều hành không nạp được, thường do thiếu một thư viện khác.',
      'the system would not load it, mostly for want of another library.',
    ),
    remedy: say(
      'Cài các gói mà trình điều khiển cần.',
      'Install the packages that the driver needs.',
    ),
  },
  'not-started': {
    text: say('nạp được nhưng không khởi động.', 'it was loaded and would not start.'),
    remedy: say(
      'Bật dịch vụ thẻ thông minh (pcscd), cắm token rồi thử lại.',
      'Start the smart card service (pcscd), plug the token in and try again.',
    ),
  },
}
