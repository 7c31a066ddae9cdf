/**
 * The one catalogue of errors. Each code says who must act (its family), what happened and the one thing to do next,
 * in Vietnamese and English. No sentence ever holds a PIN, a document byte, a stack or a certificate.
 * @module
 */

/** A language of the catalogue. */
export type Language = 'vi' | 'en'

type Text = Readonly<Record<Language, string>>

interface CatalogueEntry {
  /** The same call may succeed when repeated. */
  readonly retryable: boolean
  /** What happened; `{name}` is replaced by that detail. */
  readonly sentence: Text
  /** The one thing to do next. */
  readonly remedy: Text
  /** Details that may cross the wire with this code; all others are dropped. */
  readonly details: readonly string[]
}

function entry(
  sentence: Text,
  remedy: Text,
  options: { retryable?: boolean; details?: readonly string[] } = {},
): CatalogueEntry {
  return { retryable: options.retryable ?? false, sentence, remedy, details: options.details ?? [] }
}

const RETRY = { retryable: true } as const

/** Every error code; the README's table is generated from it. */
export const CATALOGUE = {
  USAGE_ARGUMENT: entry(
    { vi: 'Tham số “{argument}” không hợp lệ.', en: 'The argument “{argument}” is not valid.' },
    { vi: 'Người phát triển cổng: truyền {expected}.', en: 'Portal developer: pass {expected}.' },
    { details: ['argument', 'expected'] },
  ),
  USAGE_INSECURE_CONTEXT: entry(
    { vi: 'Trang này không được mở qua HTTPS.', en: 'This page was not opened over HTTPS.' },
    { vi: 'Mở trang bằng địa chỉ https://.', en: 'Open the page at its https:// address.' },
  ),
  USAGE_UNSUPPORTED_ALGORITHM: entry(
    {
      vi: 'Không dùng được thuật toán {algorithm} với khóa này.',
      en: 'The algorithm {algorithm} cannot be used with this key.',
    },
    {
      vi: 'Chọn một thuật toán có trong signer.algorithms.',
      en: 'Choose one of signer.algorithms.',
    },
    { details: ['algorithm'] },
  ),
  BRIDGE_NOT_RUNNING: entry(
    {
      vi: 'Không tìm thấy chương trình ký Trien trên máy này.',
      en: 'The Trien signing program was not found on this computer.',
    },
    { vi: 'Mở hoặc cài đặt Trien rồi thử lại.', en: 'Start or install Trien, then try again.' },
    RETRY,
  ),
  BRIDGE_BLOCKED: entry(
    {
      vi: 'Trình duyệt đang chặn trang này kết nối với chương trình ký.',
      en: 'The browser is keeping this page from the signing program.',
    },
    {
      vi: 'Bấm biểu tượng bên trái thanh địa chỉ, cho phép “Truy cập ứng dụng trên thiết bị này”, rồi tải lại trang.',
      en: 'Click the icon left of the address, allow “Access other apps on this device”, then reload the page.',
    },
    { retryable: true, details: ['reason'] },
  ),
  BRIDGE_PERMISSION_NEEDED: entry(
    {
      vi: 'Trình duyệt đang chờ bạn cho phép kết nối với chương trình ký.',
      en: 'The browser is waiting for you to allow the signing program.',
    },
    {
      vi: 'Bấm “Cho phép” trong hộp thoại của trình duyệt.',
      en: 'Choose “Allow” in the browser’s own dialog.',
    },
    RETRY,
  ),
  BRIDGE_ORIGIN_DENIED: entry(
    {
      vi: 'Trang này chưa được phép xem chứng thư số.',
      en: 'This page may not see the certificates.',
    },
    {
      vi: 'Chỉ cho phép nếu bạn tin trang này, rồi thử lại.',
      en: 'Allow it only if you trust the page, then try again.',
    },
    RETRY,
  ),
  BRIDGE_VERSION: entry(
    {
      vi: 'Phiên bản Trien trên máy không khớp với trang này.',
      en: 'The Trien version on this computer does not match this page.',
    },
    { vi: 'Cập nhật Trien lên bản mới nhất.', en: 'Update Trien to its newest version.' },
    { details: ['supported'] },
  ),
  BRIDGE_PROTOCOL: entry(
    {
      vi: 'Trang và chương trình ký không hiểu nhau.',
      en: 'The page and the signing program did not understand each other.',
    },
    {
      vi: 'Cập nhật Trien; nếu vẫn lỗi, báo cho người quản trị cổng.',
      en: 'Update Trien; if it goes on, tell the portal’s administrator.',
    },
    { details: ['problem'] },
  ),
  BRIDGE_CLAIM_MISMATCH: entry(
    {
      vi: 'Dữ liệu cần ký không khớp với văn bản được hiển thị nên Trien từ chối ký.',
      en: 'The bytes to be signed do not match the document shown, so Trien refused to sign.',
    },
    {
      vi: 'Đừng thử lại; báo cho người quản trị cổng.',
      en: 'Do not try again; tell the portal’s administrator.',
    },
    { details: ['claim'] },
  ),
  BRIDGE_TOO_LARGE: entry(
    { vi: 'Yêu cầu quá lớn.', en: 'The request is too large.' },
    { vi: 'Ký ít văn bản hơn trong một lần.', en: 'Sign fewer documents at once.' },
    { details: ['maxBytes', 'maxItems'] },
  ),
  BRIDGE_BUSY: entry(
    {
      vi: 'Chương trình ký đang bận một yêu cầu khác.',
      en: 'The signing program is busy with another request.',
    },
    {
      vi: 'Hoàn tất hoặc đóng hộp thoại đang mở, rồi thử lại.',
      en: 'Finish or close the open dialog, then try again.',
    },
    RETRY,
  ),
  BRIDGE_CLOSED: entry(
    {
      vi: 'Kết nối với chương trình ký bị ngắt.',
      en: 'The connection to the signing program was lost.',
    },
    { vi: 'Thử lại; văn bản của bạn vẫn còn nguyên.', en: 'Try again; your document is unharmed.' },
    RETRY,
  ),
  BRIDGE_TIMEOUT: entry(
    { vi: 'Chương trình ký không trả lời kịp.', en: 'The signing program did not answer in time.' },
    {
      vi: 'Thử lại; nếu vẫn chậm, khởi động lại Trien.',
      en: 'Try again; if it stays slow, restart Trien.',
    },
    RETRY,
  ),
  BRIDGE_NO_PROMPT: entry(
    {
      vi: 'Chương trình ký không có cách nào để hỏi mã PIN.',
      en: 'The signing program has no way to ask for the PIN.',
    },
    {
      vi: 'Cài đặt pinentry hoặc chạy trien-bridge trong một cửa sổ dòng lệnh.',
      en: 'Install pinentry, or run trien-bridge in a terminal.',
    },
  ),
  BRIDGE_INTERNAL: entry(
    { vi: 'Chương trình ký gặp lỗi bất ngờ.', en: 'The signing program met an unexpected error.' },
    {
      vi: 'Thử lại; nếu vẫn lỗi, gửi nhật ký của Trien cho người quản trị.',
      en: 'Try again; if it goes on, send Trien’s log to your administrator.',
    },
    RETRY,
  ),
  USER_CANCELLED: entry(
    { vi: 'Bạn đã hủy việc ký.', en: 'You cancelled signing.' },
    { vi: 'Bấm Ký nếu bạn muốn ký lại.', en: 'Press Sign if you want to sign after all.' },
    RETRY,
  ),
  USER_DENIED: entry(
    { vi: 'Bạn đã từ chối yêu cầu.', en: 'You refused the request.' },
    { vi: 'Bấm lại nếu bạn đổi ý.', en: 'Press again if you change your mind.' },
    RETRY,
  ),
  USER_TIMEOUT: entry(
    { vi: 'Hộp thoại đã đóng vì chờ quá lâu.', en: 'The dialog closed because nobody answered.' },
    { vi: 'Thử lại và nhập mã PIN khi được hỏi.', en: 'Try again and enter the PIN when asked.' },
    RETRY,
  ),
  TOKEN_ABSENT: entry(
    {
      vi: 'Chưa cắm thiết bị ký số (USB token).',
      en: 'No signing token (USB token) is plugged in.',
    },
    { vi: 'Cắm USB token rồi thử lại.', en: 'Plug the token in, then try again.' },
    RETRY,
  ),
  TOKEN_REMOVED: entry(
    { vi: 'USB token đã bị rút ra khi đang dùng.', en: 'The token was removed while in use.' },
    { vi: 'Cắm lại USB token và ký lại.', en: 'Plug the token back in and sign again.' },
    RETRY,
  ),
  TOKEN_PIN_INCORRECT: entry(
    { vi: 'Mã PIN không đúng.', en: 'The PIN is not correct.' },
    {
      vi: 'Kiểm tra lại mã PIN trước khi thử lại; sai nhiều lần sẽ bị khóa.',
      en: 'Check the PIN before you try again; too many wrong ones lock the token.',
    },
    { retryable: true, details: ['remaining'] },
  ),
  TOKEN_PIN_LOCKED: entry(
    { vi: 'Mã PIN của USB token đã bị khóa.', en: 'The token’s PIN is locked.' },
    {
      vi: 'Liên hệ nơi cấp chứng thư số để mở khóa.',
      en: 'Ask the issuer of your certificate to unlock it.',
    },
  ),
  TOKEN_KEY_NOT_FOUND: entry(
    {
      vi: 'Không tìm thấy khóa của chứng thư số này trên USB token.',
      en: 'The key of this certificate is not on the token.',
    },
    {
      vi: 'Cắm đúng USB token hoặc chọn chứng thư số khác.',
      en: 'Plug in the right token or choose another certificate.',
    },
    RETRY,
  ),
  TOKEN_MECHANISM: entry(
    {
      vi: 'USB token không hỗ trợ thuật toán {algorithm}.',
      en: 'The token does not support the algorithm {algorithm}.',
    },
    {
      vi: 'Chọn thuật toán khác hoặc dùng USB token mới hơn.',
      en: 'Choose another algorithm or use a newer token.',
    },
    { details: ['algorithm'] },
  ),
  TOKEN_DRIVER_CRASHED: entry(
    { vi: 'Trình điều khiển của USB token bị dừng đột ngột.', en: 'The token’s driver crashed.' },
    {
      vi: 'Thử lại; nếu vẫn lỗi, cập nhật trình điều khiển.',
      en: 'Try again; if it goes on, update the driver.',
    },
    RETRY,
  ),
  TOKEN_TIMEOUT: entry(
    { vi: 'USB token không trả lời kịp.', en: 'The token did not answer in time.' },
    {
      vi: 'Rút USB token ra, cắm lại rồi thử lại.',
      en: 'Unplug the token, plug it back in and try again.',
    },
    RETRY,
  ),
  TOKEN_DEVICE: entry(
    { vi: 'USB token báo lỗi ({ckr}).', en: 'The token reported an error ({ckr}).' },
    {
      vi: 'Rút USB token ra, cắm lại rồi thử lại.',
      en: 'Unplug the token, plug it back in and try again.',
    },
    { retryable: true, details: ['ckr'] },
  ),
  TOKEN_SIGNATURE_INVALID: entry(
    {
      vi: 'Chữ ký nhận được không khớp với chứng thư số nên không được dùng.',
      en: 'The signature returned does not match the certificate, so it was not used.',
    },
    {
      vi: 'Thử lại; nếu vẫn lỗi, báo nơi cấp USB token.',
      en: 'Try again; if it goes on, tell the issuer of the token.',
    },
    RETRY,
  ),
  FORMAT_MALFORMED: entry(
    { vi: 'Tệp bị hỏng nên không ký được.', en: 'The file is damaged and cannot be signed.' },
    {
      vi: 'Mở tệp, lưu lại thành bản mới rồi ký bản đó.',
      en: 'Open the file, save it as a new copy and sign that.',
    },
    { details: ['what', 'offset', 'expected'] },
  ),
  FORMAT_UNSUPPORTED: entry(
    {
      vi: 'Tệp dùng tính năng chưa được hỗ trợ: {feature}.',
      en: 'The file uses a feature that is not supported: {feature}.',
    },
    {
      vi: 'Lưu tệp dưới dạng khác rồi ký lại.',
      en: 'Save the file in another form and sign that.',
    },
    { details: ['feature'] },
  ),
  FORMAT_NOT_ALLOWED: entry(
    {
      vi: 'Tác giả của tệp không cho phép ký thêm.',
      en: 'The author of the file does not allow another signature.',
    },
    { vi: 'Xin người gửi một bản chưa khóa.', en: 'Ask the sender for a copy that is not locked.' },
    { details: ['rule'] },
  ),
  FORMAT_PLACEHOLDER_TOO_SMALL: entry(
    {
      vi: 'Chỗ dành cho chữ ký trong tệp quá nhỏ.',
      en: 'The room kept for the signature in the file is too small.',
    },
    {
      vi: 'Người phát triển cổng: dành ít nhất {needed} byte.',
      en: 'Portal developer: reserve at least {needed} bytes.',
    },
    { details: ['needed', 'reserved'] },
  ),
  FORMAT_CHANGED: entry(
    {
      vi: 'Tệp đã thay đổi kể từ khi bắt đầu ký.',
      en: 'The file has changed since signing began.',
    },
    {
      vi: 'Ký lại từ đầu với tệp hiện tại.',
      en: 'Sign again from the start with the file as it is now.',
    },
  ),
} as const satisfies Record<string, CatalogueEntry>

/** A stable code; match on it, never on a sentence. */
export type ErrorCode = keyof typeof CATALOGUE
