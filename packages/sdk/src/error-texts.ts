/**
 * What happened and the one thing to do next, for each error code, in Vietnamese and English. No sentence ever holds a
 * PIN, a document byte, a stack or a certificate. The README's table is generated from here.
 * @module
 */
import type { ErrorCode } from './error-catalogue.ts'
import { wrongArgument } from './errors.ts'
import type { ErrorText, Language, Text } from './error-texts/text.ts'
import { FORMAT_TEXTS } from './error-texts/format.ts'
import { RELAY_TEXTS } from './error-texts/relay.ts'
import { TOKEN_TEXTS } from './error-texts/token.ts'
import { TRUST_TEXTS } from './error-texts/trust.ts'

export type { ErrorText, Language } from './error-texts/text.ts'

/** The words for every code. */
export const ERROR_TEXTS: Readonly<Record<ErrorCode, ErrorText>> = {
  USAGE_ARGUMENT: {
    sentence: {
      vi: 'Tham số “{argument}” không hợp lệ.',
      en: 'The argument “{argument}” is not valid.',
    },
    remedy: {
      vi: 'Người phát triển cổng: truyền {expected}.',
      en: 'Portal developer: pass {expected}.',
    },
  },
  USAGE_INSECURE_CONTEXT: {
    sentence: {
      vi: 'Trang này không được mở qua HTTPS.',
      en: 'This page was not opened over HTTPS.',
    },
    remedy: { vi: 'Mở trang bằng địa chỉ https://.', en: 'Open the page at its https:// address.' },
  },
  USAGE_UNSUPPORTED_ALGORITHM: {
    sentence: {
      vi: 'Không dùng được thuật toán {algorithm} với khóa này.',
      en: 'The algorithm {algorithm} cannot be used with this key.',
    },
    remedy: {
      vi: 'Chọn một thuật toán có trong signer.algorithms.',
      en: 'Choose one of signer.algorithms.',
    },
  },
  USAGE_NOT_LOADED: {
    sentence: {
      vi: 'Một phần của trang chưa tải được.',
      en: 'A part of this page could not be loaded.',
    },
    remedy: {
      vi: 'Kiểm tra mạng rồi tải lại trang.',
      en: 'Check the network, then reload the page.',
    },
  },
  BRIDGE_NOT_RUNNING: {
    sentence: {
      vi: 'Không tìm thấy chương trình ký Trien trên máy này.',
      en: 'The Trien signing program was not found on this computer.',
    },
    remedy: {
      vi: 'Mở hoặc cài đặt Trien rồi thử lại.',
      en: 'Start or install Trien, then try again.',
    },
  },
  BRIDGE_BLOCKED: {
    sentence: {
      vi: 'Trình duyệt đang chặn trang này kết nối với chương trình ký.',
      en: 'The browser is keeping this page from the signing program.',
    },
    remedy: {
      vi: 'Bấm biểu tượng bên trái thanh địa chỉ, cho phép “Truy cập ứng dụng trên thiết bị này”, rồi thử lại.',
      en: 'Click the icon left of the address, allow “Access other apps on this device”, then try again.',
    },
    remedyByReason: {
      csp: {
        vi: 'Người phát triển cổng: thêm ws://127.0.0.1:27480 đến ws://127.0.0.1:27484, và cho Safari wss://127.0.0.1:27490 đến wss://127.0.0.1:27494, vào connect-src của Content-Security-Policy.',
        en: 'Portal developer: add ws://127.0.0.1:27480 to ws://127.0.0.1:27484, and for Safari wss://127.0.0.1:27490 to wss://127.0.0.1:27494, to connect-src of the Content-Security-Policy.',
      },
      iframe: {
        vi: 'Người phát triển cổng: thêm allow="loopback-network" vào thẻ iframe chứa trang này.',
        en: 'Portal developer: add allow="loopback-network" to the iframe that holds this page.',
      },
      'permissions-policy': {
        vi: 'Người phát triển cổng: cho phép loopback-network trong tiêu đề Permissions-Policy.',
        en: 'Portal developer: allow loopback-network in the Permissions-Policy header.',
      },
      tls: {
        vi: 'Ở trang này, trình duyệt chỉ kết nối với Trien qua TLS. Hãy mở Trien; nếu vẫn không được, nhờ người quản trị máy cài thành phần TLS của Trien (trien-bridge tls install).',
        en: 'On this page the browser reaches Trien by TLS alone. Start Trien; if that does not help, have your administrator install its TLS component (trien-bridge tls install).',
      },
      certificate: {
        vi: 'Trình duyệt chưa tin chứng thư TLS của Trien. Hãy chạy trien-bridge tls install, đóng hẳn trình duyệt rồi mở lại.',
        en: 'This browser does not trust Trien’s TLS certificate. Run trien-bridge tls install, then quit the browser and open it again.',
      },
    },
  },
  BRIDGE_PERMISSION_NEEDED: {
    sentence: {
      vi: 'Trình duyệt đang chờ bạn cho phép kết nối với chương trình ký.',
      en: 'The browser is waiting for you to allow the signing program.',
    },
    remedy: {
      vi: 'Bấm “Cho phép” trong hộp thoại của trình duyệt.',
      en: 'Choose “Allow” in the browser’s own dialog.',
    },
  },
  BRIDGE_ORIGIN_DENIED: {
    sentence: { vi: 'Trang này chưa được phép.', en: 'This page has not been allowed to.' },
    remedy: {
      vi: 'Chỉ cho phép xem chứng thư số nếu bạn tin trang này, rồi thử lại.',
      en: 'Let it see the certificates only if you trust the page, then try again.',
    },
    remedyByReason: {
      digest: {
        vi: 'Người quản trị máy: chỉ khi cổng này cần ký mã băm, thêm địa chỉ của nó vào digestOrigins trong /etc/trien/bridge.json.',
        en: 'Administrator of this computer: only where this portal must have digests signed, add its address to digestOrigins in /etc/trien/bridge.json.',
      },
    },
  },
  BRIDGE_VERSION: {
    sentence: {
      vi: 'Phiên bản Trien trên máy không khớp với trang này.',
      en: 'The Trien version on this computer does not match this page.',
    },
    remedy: { vi: 'Cập nhật Trien lên bản mới nhất.', en: 'Update Trien to its newest version.' },
  },
  BRIDGE_IDENTITY_CHANGED: {
    sentence: {
      vi: 'Chương trình ký trên máy này không phải là chương trình mà trang đã biết.',
      en: 'The signing program on this computer is not the one that this page knows.',
    },
    remedy: {
      vi: 'Nếu bạn vừa cài lại Trien, hãy xác nhận điều đó trên trang. Nếu không, đừng ký và báo người quản trị máy.',
      en: 'If you have just installed Trien anew, say so on the page. If not, do not sign, and tell your administrator.',
    },
    remedyByReason: {
      missing: {
        vi: 'Chương trình đang chạy là bản dùng thử hoặc bản cũ: hãy đóng nó rồi mở lại Trien đã cài. Nếu bạn muốn dùng chính bản này, hãy xác nhận trên trang.',
        en: 'What runs is a demo or an old version: close it and start the installed Trien again. If you mean to use it, say so on the page.',
      },
      signature: {
        vi: 'Có chương trình khác đang xen vào giữa trang và Trien. Đừng ký; hãy báo người quản trị máy.',
        en: 'Another program stands between this page and Trien. Do not sign; tell your administrator.',
      },
    },
  },
  BRIDGE_PROTOCOL: {
    sentence: {
      vi: 'Trang và chương trình ký không hiểu nhau.',
      en: 'The page and the signing program did not understand each other.',
    },
    remedy: {
      vi: 'Cập nhật Trien; nếu vẫn lỗi, báo cho người quản trị cổng.',
      en: 'Update Trien; if it goes on, tell the portal’s administrator.',
    },
  },
  BRIDGE_CLAIM_MISMATCH: {
    sentence: {
      vi: 'Dữ liệu cần ký không khớp với văn bản được hiển thị nên Trien từ chối ký.',
      en: 'The bytes to be signed do not match the document shown, so Trien refused to sign.',
    },
    remedy: {
      vi: 'Đừng thử lại; báo cho người quản trị cổng.',
      en: 'Do not try again; tell the portal’s administrator.',
    },
  },
  BRIDGE_TOO_LARGE: {
    sentence: { vi: 'Yêu cầu quá lớn.', en: 'The request is too large.' },
    remedy: { vi: 'Ký ít văn bản hơn trong một lần.', en: 'Sign fewer documents at once.' },
  },
  BRIDGE_BUSY: {
    sentence: { vi: 'Chương trình ký đang bận.', en: 'The signing program is busy.' },
    remedy: {
      vi: 'Hoàn tất hoặc đóng hộp thoại đang mở, rồi thử lại.',
      en: 'Finish or close the open dialog, then try again.',
    },
    remedyByReason: {
      pause: {
        vi: 'Bạn vừa từ chối trang này. Hãy chờ giây lát rồi thử lại nếu bạn đổi ý.',
        en: 'You have just refused this page. Wait a moment, then try again if you change your mind.',
      },
    },
  },
  BRIDGE_CLOSED: {
    sentence: {
      vi: 'Kết nối với chương trình ký bị ngắt.',
      en: 'The connection to the signing program was lost.',
    },
    remedy: {
      vi: 'Thử lại; văn bản của bạn vẫn còn nguyên.',
      en: 'Try again; your document is unharmed.',
    },
  },
  BRIDGE_TIMEOUT: {
    sentence: {
      vi: 'Chương trình ký không trả lời kịp.',
      en: 'The signing program did not answer in time.',
    },
    remedy: {
      vi: 'Thử lại; nếu vẫn chậm, khởi động lại Trien.',
      en: 'Try again; if it stays slow, restart Trien.',
    },
  },
  BRIDGE_NO_PROMPT: {
    sentence: {
      vi: 'Chương trình ký không có cách nào để hỏi mã PIN.',
      en: 'The signing program has no way to ask for the PIN.',
    },
    remedy: {
      vi: 'Cài đặt pinentry hoặc chạy trien-bridge trong một cửa sổ dòng lệnh.',
      en: 'Install pinentry, or run trien-bridge in a terminal.',
    },
  },
  BRIDGE_JOURNAL: {
    sentence: { vi: 'Không ghi được nhật ký nên chưa ký.', en: 'The journal cannot be written.' },
    remedy: {
      vi: 'Dọn bớt ổ đĩa nếu đã đầy; nếu vẫn lỗi, nhờ người quản trị chạy trien-bridge journal verify.',
      en: 'Free some room if the disk is full; if it goes on, let your administrator run trien-bridge journal verify.',
    },
  },
  BRIDGE_INTERNAL: {
    sentence: {
      vi: 'Chương trình ký gặp lỗi bất ngờ.',
      en: 'The signing program met an unexpected error.',
    },
    remedy: {
      vi: 'Thử lại; nếu vẫn lỗi, gửi nhật ký của Trien cho người quản trị.',
      en: 'Try again; if it goes on, send Trien’s log to your administrator.',
    },
  },
  ...RELAY_TEXTS,
  USER_CANCELLED: {
    sentence: { vi: 'Bạn đã hủy việc ký.', en: 'You cancelled signing.' },
    remedy: { vi: 'Bấm Ký nếu bạn muốn ký lại.', en: 'Press Sign if you want to sign after all.' },
  },
  USER_DENIED: {
    sentence: { vi: 'Bạn đã từ chối yêu cầu.', en: 'You refused the request.' },
    remedy: { vi: 'Bấm lại nếu bạn đổi ý.', en: 'Press again if you change your mind.' },
  },
  USER_TIMEOUT: {
    sentence: {
      vi: 'Hộp thoại đã đóng vì chờ quá lâu.',
      en: 'The dialog closed because nobody answered.',
    },
    remedy: {
      vi: 'Thử lại và nhập mã PIN khi được hỏi.',
      en: 'Try again and enter the PIN when asked.',
    },
  },
  ...TOKEN_TEXTS,
  ...FORMAT_TEXTS,
  ...TRUST_TEXTS,
}

/**
 * The words for one error, its details filled in.
 * @throws {UsageError} USAGE_ARGUMENT for an error that is not Trien's (`isSigningError` tells), or another language
 */
export function describeError(
  error: { readonly code: ErrorCode; readonly details: Readonly<Record<string, unknown>> },
  language: Language,
): { readonly sentence: string; readonly remedy: string } {
  const { code, details = {} } = Object(error) as typeof error
  if (!Object.hasOwn(ERROR_TEXTS, code)) {
    throw wrongArgument('error', 'an error of Trien: isSigningError(error) tells')
  }
  if (!['vi', 'en'].includes(language)) throw wrongArgument('language', 'vi or en')
  const fill = (text: Text): string =>
    text[language].replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? '?'))
  const { remedyByReason = {}, byRule = {}, ...text } = ERROR_TEXTS[code]
  const rule = Object.entries(byRule).find(([name]) => name === details['rule'])
  const reason = Object.entries(remedyByReason).find(([name]) => name === details['reason'])
  const { sentence, remedy } = rule?.[1] ?? text
  return { sentence: fill(sentence), remedy: fill(reason?.[1] ?? remedy) }
}
