/**
 * Every sentence of the page, in both languages. Errors bring their own from the SDK's catalogue.
 * @module
 */
import type { Language } from '@trien/sdk/errors'

export const TEXT = {
  skip: { vi: 'Đến các bước ký', en: 'Skip to the steps' },
  brand: { vi: 'Cổng dịch vụ công', en: 'Public service portal' },
  'brand.note': { vi: 'Bản mẫu – không phải cổng thật', en: 'Sample – not a real portal' },
  'page.title': {
    vi: 'Ký số đơn đề nghị – Cổng dịch vụ công (bản mẫu)',
    en: 'Sign an application – Public service portal (sample)',
  },
  title: {
    vi: 'Ký đơn đề nghị cấp bản sao trích lục khai sinh',
    en: 'Sign an application for copies of a birth record',
  },
  'title.note': {
    vi: 'Văn bản không rời khỏi máy của bạn. Mã PIN chỉ nhập trong cửa sổ của Trien, không bao giờ nhập trên trang này.',
    en: 'The document stays on your computer. The PIN is entered only in Trien’s own window, never on this page.',
  },
  stamp: { vi: 'Đã ký số', en: 'Signed' },
  'stamp.note': {
    vi: 'Hình minh họa. Chữ ký số nằm trong tệp tải về.',
    en: 'An illustration. The signature itself is in the file you download.',
  },
  foot: {
    vi: 'Cổng mẫu của dự án Trien. Mọi tên người và số liệu trong đơn đều là giả định; chữ ký tạo bằng chứng thư DEMO không có giá trị pháp lý.',
    en: 'Sample portal of the Trien project. All persons and numbers in the form are invented; a signature made with a DEMO certificate has no legal force.',
  },
  'step.done': { vi: '(đã xong)', en: '(done)' },

  'document.title': { vi: 'Văn bản cần ký', en: 'Document to sign' },
  'document.legend': { vi: 'Chọn văn bản', en: 'Choose a document' },
  'document.sample': { vi: 'Đơn đã điền sẵn', en: 'The application, filled in' },
  'document.sample.file': { vi: 'Đơn đề nghị (tiếng Việt)', en: 'Application (in Vietnamese)' },
  'document.own': { vi: 'Tệp của bạn', en: 'Files of yours' },
  'document.several': { vi: '{count} tệp', en: '{count} files' },
  'document.own.detail': {
    vi: 'Kéo thả một hoặc nhiều tệp vào đây, hoặc bấm Chọn tệp. Tệp PDF, Word, Excel, PowerPoint và XML được ký ngay trong tệp; tệp khác có chữ ký rời (.p7s).',
    en: 'Drop one or several here, or press Choose files. PDF, Word, Excel, PowerPoint and XML are signed inside the file; any other file gets a separate signature (.p7s).',
  },
  'document.view': { vi: 'Xem văn bản', en: 'View document' },
  'document.pick': { vi: 'Chọn tệp', en: 'Choose files' },
  'document.next': {
    vi: 'Tiếp tục: chọn chứng thư số',
    en: 'Continue: choose a certificate',
  },
  'document.change': { vi: 'Đổi văn bản', en: 'Change document' },
  'document.chosen': { vi: 'Đã chọn {name}, {size}.', en: '{name} chosen, {size}.' },

  'certificate.title': { vi: 'Chứng thư số', en: 'Certificate' },
  'certificate.legend': {
    vi: 'Chọn chứng thư số để ký',
    en: 'Choose the certificate to sign with',
  },
  'certificate.change': { vi: 'Đổi chứng thư số', en: 'Change certificate' },
  'certificate.refresh': { vi: 'Đọc lại danh sách', en: 'Read the list again' },
  'certificate.connecting': {
    vi: 'Đang tìm chương trình ký Trien…',
    en: 'Looking for the Trien signing program…',
  },
  'certificate.asking': {
    vi: 'Trien đang hỏi bạn có cho trang này xem chứng thư số không',
    en: 'Trien is asking whether this site may see your certificates',
  },
  'certificate.asking.note': {
    vi: 'Trả lời trong cửa sổ của Trien. Cửa sổ có thể nằm sau trình duyệt.',
    en: 'Answer in Trien’s window. It may be behind the browser.',
  },
  'certificate.found': {
    vi: 'Tìm thấy {count} chứng thư số. Chọn một chứng thư để ký.',
    en: '{count} certificates found. Choose one to sign with.',
  },
  'certificate.none': {
    vi: 'USB token không có chứng thư số nào.',
    en: 'There is no certificate on the token.',
  },
  'certificate.none.remedy': {
    vi: 'Cắm USB token của bạn vào máy rồi bấm Thử lại.',
    en: 'Plug in your USB token, then press Try again.',
  },
  'certificate.issuer': { vi: 'Nơi cấp', en: 'Issued by' },
  'certificate.token': { vi: 'Thiết bị', en: 'Token' },
  'certificate.until': { vi: 'Dùng được đến {date}', en: 'Valid until {date}' },
  'certificate.soon': {
    vi: 'Hết hạn ngày {date}, còn {days} ngày. Hãy gia hạn tại {issuer}.',
    en: 'Expires on {date}, in {days} days. Have it renewed by {issuer}.',
  },
  'certificate.expired': {
    vi: 'Đã hết hạn ngày {date}, không ký được',
    en: 'Expired on {date}, cannot sign',
  },
  'certificate.not-yet-valid': {
    vi: 'Chỉ dùng được từ {date}',
    en: 'Not valid before {date}',
  },
  'certificate.not-for-documents': {
    vi: 'Không dùng để ký văn bản',
    en: 'Not meant for signing documents',
  },

  'pin.title': { vi: 'Mã PIN của thiết bị', en: 'The PIN of the token' },
  'pin.number': { vi: 'số {serial}', en: 'number {serial}' },
  'pin.change': { vi: 'Đổi mã PIN', en: 'Change the PIN' },
  'pin.unblock': { vi: 'Mở khóa', en: 'Unlock' },
  'pin.prompt.change-pin': {
    vi: 'Nhập ở đó mã PIN hiện tại, rồi hai lần mã PIN mới. Không thấy cửa sổ? Có thể nó nằm sau trình duyệt.',
    en: 'Enter the PIN there as it is now, then the new one twice. No window? It may be behind the browser.',
  },
  'pin.prompt.unblock': {
    vi: 'Nhập ở đó mã mở khóa (PUK), rồi hai lần mã PIN mới. Không thấy cửa sổ? Có thể nó nằm sau trình duyệt.',
    en: 'Enter the unlock code (PUK) there, then a new PIN twice. No window? It may be behind the browser.',
  },
  'pin.cancel': { vi: 'Hủy', en: 'Cancel' },
  'pin.done.change-pin': {
    vi: 'Đã đổi mã PIN của thiết bị {token}. Từ nay hãy dùng mã PIN mới.',
    en: 'The PIN of the token {token} is changed. Use the new one from now on.',
  },
  'pin.done.unblock': {
    vi: 'Đã mở khóa thiết bị {token} và đặt mã PIN mới.',
    en: 'The token {token} is unlocked and has its new PIN.',
  },
  'pin.cancelled': {
    vi: 'Bạn đã hủy. Mã PIN vẫn như cũ.',
    en: 'You cancelled. The PIN is as it was.',
  },
  'pin.cancelled.remedy': {
    vi: 'Bấm Thử lại nếu bạn đổi ý.',
    en: 'Press Try again if you change your mind.',
  },

  'sign.title': { vi: 'Ký', en: 'Sign' },
  'sign.sentence': {
    vi: 'Trien sẽ mở một cửa sổ để bạn xem lại và nhập mã PIN.',
    en: 'Trien will open a window for you to check the details and enter the PIN.',
  },
  'looks.title': { vi: 'Hiển thị trên văn bản', en: 'Shown on the document' },
  'looks.none': { vi: 'Không hiển thị', en: 'Nothing' },
  'looks.none.note': { vi: 'Chữ ký số chỉ nằm trong tệp', en: 'The signature is only in the file' },
  'looks.hand': { vi: 'Ảnh chữ ký', en: 'Picture of a signature' },
  'looks.hand.note': {
    vi: 'Màu xanh, theo Nghị định 30/2020/NĐ-CP (ảnh mẫu)',
    en: 'Blue, as Decree 30/2020 has it (a sample)',
  },
  'looks.block': { vi: 'Tên và thời gian', en: 'Name and time' },
  'looks.block.note': {
    vi: 'Hai dòng chữ: tên người ký, thời gian ký',
    en: 'Two lines: who signed, and when',
  },
  'sign.now.several': { vi: 'Ký {count} tệp', en: 'Sign {count} files' },
  'sign.now': { vi: 'Ký văn bản', en: 'Sign document' },
  'sign.cancel': { vi: 'Hủy ký', en: 'Cancel' },
  'sign.progress': { vi: 'Tiến độ đọc văn bản', en: 'Progress of reading the document' },
  'sign.hashing': { vi: 'Đang đọc văn bản… {percent}', en: 'Reading the document… {percent}' },
  'sign.signing': { vi: 'Đang ký các tệp… {percent}', en: 'Signing the files… {percent}' },
  'sign.prompt': { vi: 'Hãy nhìn sang cửa sổ của Trien', en: 'Now look at Trien’s window' },
  'sign.prompt.note': {
    vi: 'Xem tên văn bản rồi nhập mã PIN ở đó. Không thấy cửa sổ? Có thể nó nằm sau trình duyệt.',
    en: 'Check the document’s name, then enter the PIN there. No window? It may be behind the browser.',
  },
  'sign.prompt.several': {
    vi: 'Xem có đúng các tệp này không rồi nhập mã PIN ở đó, một lần cho tất cả. Không thấy cửa sổ? Có thể nó nằm sau trình duyệt.',
    en: 'Check that these are the files, then enter the PIN there, once for all. No window? It may be behind the browser.',
  },
  'sign.page.title': {
    vi: 'Trien đang hỏi bạn ở một trang riêng',
    en: 'Trien is asking you on a page of its own',
  },
  'sign.page.note': {
    vi: 'Máy này không có màn hình riêng, nên bản mẫu hỏi bằng một trang web. Trien thật không bao giờ hỏi mã PIN trong trang web.',
    en: 'This machine has no display of its own, so the demo asks in a web page. A real Trien never asks for the PIN in a page.',
  },
  'sign.page': { vi: 'Mở trang hỏi của Trien', en: 'Open Trien’s page' },

  'result.title': { vi: 'Tải văn bản đã ký', en: 'Download the signed document' },
  'result.sentence': { vi: 'Văn bản đã được ký.', en: 'The document is signed.' },
  'result.all': { vi: 'Đã ký xong cả {total} tệp.', en: '{total} files are signed.' },
  'result.some': {
    vi: 'Đã ký {done} trong {total} tệp. Xem bên dưới vì sao các tệp còn lại chưa ký được.',
    en: '{done} of {total} files are signed. See below what is wrong with the others.',
  },
  'result.inside': { vi: 'Tải {ending} đã ký', en: 'Download signed {ending}' },
  'result.p7s': { vi: 'Tải chữ ký (.p7s)', en: 'Download signature (.p7s)' },
  'result.p7s.note': {
    vi: 'Giữ chữ ký cùng với tệp gốc {name}: kiểm tra cần cả hai.',
    en: 'Keep the signature with the original file {name}: checking needs both.',
  },
  'file.note': {
    vi: 'Giữ mỗi tệp .p7s cùng với tệp gốc của nó: kiểm tra cần cả hai.',
    en: 'Keep each .p7s file with its original: checking needs both.',
  },
  'result.signer': { vi: 'Người ký', en: 'Signed by' },
  'result.time': { vi: 'Thời điểm ký (giờ máy này)', en: 'Signing time (this computer’s clock)' },
  'result.algorithm': { vi: 'Thuật toán', en: 'Algorithm' },
  'result.format': { vi: 'Định dạng', en: 'Format' },
  'result.added': { vi: 'Dung lượng thêm vào', en: 'Size added' },
  'result.again': { vi: 'Ký văn bản khác', en: 'Sign another document' },

  'file.list': { vi: 'Các tệp cần ký', en: 'The files to sign' },
  'file.waiting': { vi: 'Đang chờ', en: 'Waiting' },
  'file.prepared': { vi: 'Đã đọc, chờ ký', en: 'Read, to be signed' },
  'file.signed': { vi: 'Đã ký, đang hoàn tất', en: 'Signed, being finished' },
  'file.done': { vi: 'Đã ký', en: 'Signed' },
  'file.failed': { vi: 'Chưa ký được', en: 'Not signed' },
  'file.download': { vi: 'Tải về', en: 'Download' },
  'file.download.name': { vi: 'Tải về {name}', en: 'Download {name}' },

  'check.title': { vi: 'Kiểm tra kết nối', en: 'Check the connection' },
  'check.run': { vi: 'Kiểm tra ngay', en: 'Check now' },
  'check.page': { vi: 'Trang an toàn (HTTPS)', en: 'Secure page (HTTPS)' },
  'check.permission': { vi: 'Quyền của trình duyệt', en: 'The browser’s permission' },
  'check.port': { vi: 'Cổng {port}', en: 'Port {port}' },
  'check.bridge': { vi: 'Chương trình ký Trien', en: 'The Trien signing program' },
  'check.identity': { vi: 'Đúng Trien mà trang đã biết', en: 'The Trien that this page knows' },
  'check.good': { vi: 'tốt', en: 'good' },
  'check.bad': { vi: 'có vấn đề', en: 'not good' },
  'check.unknown': { vi: 'chưa rõ', en: 'not known' },
  'check.silent': { vi: 'không ai trả lời', en: 'nobody answers' },

  'trouble.trust': {
    vi: 'Tôi vừa cài lại Trien, hãy tin bản này',
    en: 'I have just installed Trien anew: trust it',
  },
  'trouble.retry': { vi: 'Thử lại', en: 'Try again' },
  'trouble.code': { vi: 'Mã lỗi: {code}', en: 'Error code: {code}' },
  'trouble.final': {
    vi: 'Chỉ còn một lần thử trước khi mã PIN bị khóa.',
    en: 'One more try before the PIN is locked.',
  },
  'trouble.kept': { vi: 'Văn bản bạn chọn vẫn còn nguyên.', en: 'Your document is kept.' },
  'trouble.watching': {
    vi: 'Trang sẽ tự tiếp tục khi Trien được mở.',
    en: 'This page goes on by itself once Trien is started.',
  },
  'trouble.unknown': { vi: 'Trang gặp lỗi bất ngờ.', en: 'The page met an unexpected error.' },
  'trouble.unknown.remedy': {
    vi: 'Thử lại; nếu vẫn lỗi, tải lại trang.',
    en: 'Try again; if it goes on, reload the page.',
  },
} as const satisfies Record<string, Record<Language, string>>

/** The name of a sentence. */
export type TextKey = keyof typeof TEXT

/** Writes a sentence in a language, with `{name}` replaced by values. */
export function say(
  language: Language,
  key: TextKey,
  values: Readonly<Record<string, string>> = {},
): string {
  return TEXT[key][language].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
}
