/**
 * The phrases of the prompt.
 * @module
 */
import type { Language } from '@trien/sdk/errors'

interface Phrases {
  /** Who asks, where that is the person, from the command line. */
  readonly commandLine: string
  readonly listTitle: string
  readonly wantsList: string
  readonly listMeans: string
  readonly allow: string
  readonly deny: string
  readonly signTitle: string
  readonly wantsSignatures: (count: number) => string
  readonly andMore: (count: number) => string
  readonly digest: string
  /** In place of a size. */
  readonly signatureOf: (holder: string) => string
  /** Where signatures are signed. */
  readonly confirms: string
  /** Of bare digests. */
  readonly blind: string
  /** Of a plain XML signature. */
  readonly unnamed: string
  readonly signer: (holder: string) => string
  readonly organization: (name: string) => string
  readonly issuer: (name: string, expiry: string) => string
  readonly token: (label: string, serial: string) => string
  readonly useKeypad: string
  readonly pin: string
  readonly emptyPin: string
  readonly sign: string
  readonly cancel: string
  /** The page of the demo. */
  readonly demoOnly: string
  readonly answered: string
  /** The terminal. */
  readonly typeHidden: string
  readonly typeYes: string
  readonly closed: string
}

const vi: Phrases = {
  commandLine: 'Lệnh trien-bridge trên máy này',
  listTitle: 'Trien – Xem chứng thư số',
  wantsList: 'muốn xem các chứng thư số trên máy này.',
  listMeans: 'Trang sẽ thấy họ tên và đơn vị ghi trong chứng thư. Chưa có gì được ký.',
  allow: 'Cho phép',
  deny: 'Từ chối',
  signTitle: 'Trien – Ký số',
  wantsSignatures: (count) => `đề nghị bạn ký số ${count} văn bản:`,
  andMore: (count) => `… và ${count} văn bản khác`,
  digest: 'mã băm',
  signatureOf: (holder) => `chữ ký của ${holder}`,
  confirms:
    '(Ký xác nhận: bạn ký lên chữ ký của người được nêu tên, không ký lên nội dung văn bản.)',
  blind:
    'Trien KHÔNG xem được nội dung sẽ ký: trang này chỉ gửi mã băm. Chỉ ký nếu bạn tin trang này.',
  unnamed:
    '(Chữ ký XML này không ghi chứng thư số: Trien không kiểm tra được trang sẽ gửi kèm chứng thư nào.)',
  signer: (holder) => `Người ký: ${holder}`,
  organization: (name) => `Đơn vị: ${name}`,
  issuer: (name, expiry) => `Nơi cấp: ${name}, hết hạn ngày ${expiry}`,
  token: (label, serial) => `Thiết bị: ${label}, số ${serial}`,
  useKeypad: 'Bấm Ký, rồi nhập mã PIN trên bàn phím của đầu đọc.',
  pin: 'Mã PIN:',
  emptyPin: 'Bạn chưa nhập mã PIN.',
  sign: 'Ký',
  cancel: 'Hủy',
  demoOnly:
    'Chỉ dành cho bản dùng thử: chương trình ký thật không bao giờ hỏi mã PIN trong trang web.',
  answered: 'Đã ghi nhận. Bạn có thể đóng thẻ này và quay lại cổng.',
  typeHidden: '(không hiện khi gõ; để trống hoặc Ctrl-C để hủy)',
  typeYes: 'Gõ “co” rồi Enter để đồng ý, Enter để từ chối:',
  closed: 'Câu hỏi đã đóng.',
}

const en: Phrases = {
  commandLine: 'The command trien-bridge on this computer',
  listTitle: 'Trien – See certificates',
  wantsList: 'wants to see the certificates on this computer.',
  listMeans: 'It will see the names and organisations in them. Nothing is signed.',
  allow: 'Allow',
  deny: 'Refuse',
  signTitle: 'Trien – Sign',
  wantsSignatures: (count) =>
    count === 1 ? 'asks you to sign a document:' : `asks you to sign ${count} documents:`,
  andMore: (count) => `… and ${count} more`,
  digest: 'digest',
  signatureOf: (holder) => `the signature of ${holder}`,
  confirms: '(A counter-signature: you sign the signature of the person named, not the document.)',
  blind:
    'Trien CANNOT see what is signed: this site sends only digests. Sign only if you trust it.',
  unnamed:
    '(This XML signature names no certificate: Trien cannot check which one the site puts beside it.)',
  signer: (holder) => `Signer: ${holder}`,
  organization: (name) => `Organisation: ${name}`,
  issuer: (name, expiry) => `Issued by: ${name}, expires ${expiry}`,
  token: (label, serial) => `Token: ${label}, number ${serial}`,
  useKeypad: 'Choose Sign, then enter the PIN on the keypad of the reader.',
  pin: 'PIN:',
  emptyPin: 'No PIN was entered.',
  sign: 'Sign',
  cancel: 'Cancel',
  demoOnly: 'Only in this demo: a real signing program never asks for a PIN in a web page.',
  answered: 'Noted. You can close this tab and go back to the portal.',
  typeHidden: '(not shown as you type; leave empty or press Ctrl-C to cancel)',
  typeYes: 'Type “yes” and Enter to agree, Enter to refuse:',
  closed: 'The question was closed.',
}

/** By language. */
export const PHRASES: Readonly<Record<Language, Phrases>> = { vi, en }
