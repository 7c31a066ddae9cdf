/**
 * The phrases of the prompt that speak of PINs and of what wrong ones cost.
 * @module
 */
import type { Language } from '@trien/sdk/errors'
import type { SecretKind } from '../pin-memory.ts'
import type { PinState } from '../token/types.ts'

interface LastTryPhrases {
  /** The token itself says so. */
  readonly isLast: (token: string) => string
  /** Only we say so; the token says nothing. */
  readonly mayBeLast: (token: string, wrong: number) => string
  /** What a wrong one costs. */
  readonly ifWrong: string
  readonly ifItMayBe: string
  readonly instead: string
  readonly goOn: string
}

interface PinPhrases {
  readonly state: Readonly<Record<PinState, string | undefined>>
  /** The token says that the PIN is one to be changed. */
  readonly mustChange: string
  readonly wrongSoFar: (wrong: number) => string
  readonly lastTitle: string
  readonly last: Readonly<Record<SecretKind, LastTryPhrases>>
  readonly goBack: string
  readonly care: Readonly<Record<'change-pin' | 'unblock', CarePhrases>>
  readonly token: (label: string, serial: string) => string
  readonly next: string
  readonly cancel: string
  readonly newLabel: string
  readonly newText: (min: number, max: number) => string
  readonly againLabel: string
  readonly againText: string
  readonly badLength: (min: number, max: number) => string
  readonly differ: string
  readonly sameAsOld: string
  readonly useKeypad: string
}

/** What is done, and by which secret. */
interface CarePhrases {
  readonly title: string
  /** Follows who asks. */
  readonly wants: string
  readonly means: string
  readonly label: string
}

const vi: PinPhrases = {
  state: {
    ok: undefined,
    low: 'Mã PIN đã bị nhập sai. Nếu tiếp tục nhập sai, thiết bị sẽ bị khóa.',
    final: 'ĐÂY LÀ LẦN THỬ CUỐI CÙNG. Nếu nhập sai, thiết bị sẽ bị khóa.',
    locked: 'Mã PIN của thiết bị đã bị khóa.',
  },
  mustChange:
    'Thiết bị đòi đổi mã PIN trước khi ký. Bấm Hủy, rồi bấm “Đổi mã PIN” trên trang, hoặc chạy lệnh: trien-bridge tokens change-pin.',
  wrongSoFar: (wrong) => `Trên máy này đã nhập sai ${wrong} lần liên tiếp.`,
  lastTitle: 'Trien – Cảnh báo: sắp bị khóa',
  last: {
    pin: {
      isLast: (token) => `Thiết bị ${token} báo: chỉ còn MỘT lần nhập mã PIN.`,
      mayBeLast: (token, wrong) =>
        `Mã PIN của thiết bị ${token} đã bị nhập sai ${wrong} lần liên tiếp trên máy này. Thiết bị không báo còn mấy lần; nhiều loại thiết bị bị khóa sau 3 lần sai.`,
      ifWrong:
        'Nếu lần tới vẫn sai, thiết bị sẽ bị khóa: không ký được nữa cho đến khi được mở khóa.',
      ifItMayBe:
        'Nếu lần tới vẫn sai, thiết bị có thể bị khóa: không ký được nữa cho đến khi được mở khóa.',
      instead:
        'Nếu chưa chắc chắn, hãy bấm “Quay lại”, xem lại mã PIN được giao cùng thiết bị, hoặc hỏi nơi cấp chứng thư số.',
      goOn: 'Nhập mã PIN',
    },
    puk: {
      isLast: (token) => `Thiết bị ${token} báo: chỉ còn MỘT lần nhập mã mở khóa (PUK).`,
      mayBeLast: (token, wrong) =>
        `Mã mở khóa (PUK) của thiết bị ${token} đã bị nhập sai ${wrong} lần liên tiếp trên máy này. Thiết bị không báo còn mấy lần.`,
      ifWrong: 'Nếu lần tới vẫn sai, thiết bị sẽ bị khóa hẳn và thường phải cấp lại.',
      ifItMayBe: 'Nếu lần tới vẫn sai, thiết bị có thể bị khóa hẳn và thường phải cấp lại.',
      instead:
        'Nếu chưa chắc chắn, hãy bấm “Quay lại” và liên hệ nơi cấp chứng thư số để được mở khóa.',
      goOn: 'Nhập mã PUK',
    },
  },
  goBack: 'Quay lại',
  care: {
    'change-pin': {
      title: 'Trien – Đổi mã PIN',
      wants: 'đề nghị đổi mã PIN của thiết bị ký số.',
      means: 'Không có gì được ký. Mã PIN không được gửi cho trang nào.',
      label: 'Mã PIN hiện tại:',
    },
    unblock: {
      title: 'Trien – Mở khóa thiết bị',
      wants: 'đề nghị mở khóa thiết bị ký số bằng mã mở khóa (PUK) và đặt mã PIN mới.',
      means: 'Không có gì được ký. Nhập sai PUK nhiều lần thì thiết bị hỏng hẳn.',
      label: 'Mã PUK:',
    },
  },
  token: (label, serial) => `Thiết bị: ${label}, số ${serial}`,
  next: 'Tiếp tục',
  cancel: 'Hủy',
  newLabel: 'Mã PIN mới:',
  newText: (min, max) => `Chọn mã PIN mới, từ ${min} đến ${max} ký tự.`,
  againLabel: 'Nhập lại:',
  againText: 'Nhập lại mã PIN mới một lần nữa.',
  badLength: (min, max) => `Mã PIN mới phải có từ ${min} đến ${max} ký tự.`,
  differ: 'Hai lần nhập không giống nhau. Hãy chọn lại mã PIN mới.',
  sameAsOld: 'Mã PIN mới phải khác mã cũ.',
  useKeypad: 'Bấm Tiếp tục, rồi làm theo đầu đọc: nhập các mã trên bàn phím của đầu đọc.',
}

const en: PinPhrases = {
  state: {
    ok: undefined,
    low: 'A wrong PIN was entered. More wrong ones will lock the token.',
    final: 'THIS IS THE LAST TRY. A wrong PIN now locks the token.',
    locked: 'The PIN of the token is locked.',
  },
  mustChange:
    'The token wants its PIN changed before it signs. Cancel, then choose “Change the PIN” on the page, or run: trien-bridge tokens change-pin.',
  wrongSoFar: (wrong) =>
    wrong === 1
      ? 'One wrong entry so far on this computer.'
      : `${wrong} wrong entries in a row so far on this computer.`,
  lastTitle: 'Trien – Warning: about to lock',
  last: {
    pin: {
      isLast: (token) => `The token ${token} says: only ONE try of the PIN is left.`,
      mayBeLast: (token, wrong) =>
        `The PIN of the token ${token} was entered wrongly ${wrong} times in a row on this computer. The token does not say how many tries are left; many lock after 3 wrong ones.`,
      ifWrong:
        'If the next one is wrong, the token locks: no more signing until it has been unlocked.',
      ifItMayBe:
        'If the next one is wrong, the token may lock: no more signing until it has been unlocked.',
      instead:
        'If you are not sure, choose “Go back”, look up the PIN that came with the token, or ask the issuer of your certificate.',
      goOn: 'Enter the PIN',
    },
    puk: {
      isLast: (token) => `The token ${token} says: only ONE try of the unlock code (PUK) is left.`,
      mayBeLast: (token, wrong) =>
        `The unlock code (PUK) of the token ${token} was entered wrongly ${wrong} times in a row on this computer. The token does not say how many tries are left.`,
      ifWrong: 'If the next one is wrong, the token locks for good and must mostly be replaced.',
      ifItMayBe:
        'If the next one is wrong, the token may lock for good and must mostly be replaced.',
      instead:
        'If you are not sure, choose “Go back” and have the issuer of your certificate unlock it.',
      goOn: 'Enter the PUK',
    },
  },
  goBack: 'Go back',
  care: {
    'change-pin': {
      title: 'Trien – Change the PIN',
      wants: 'asks you to change the PIN of your token.',
      means: 'Nothing is signed. No site is sent the PIN.',
      label: 'PIN now:',
    },
    unblock: {
      title: 'Trien – Unlock the token',
      wants: 'asks you to unlock your token with its unlock code (PUK) and to set a new PIN.',
      means: 'Nothing is signed. Too many wrong PUKs make the token useless.',
      label: 'PUK:',
    },
  },
  token: (label, serial) => `Token: ${label}, number ${serial}`,
  next: 'Continue',
  cancel: 'Cancel',
  newLabel: 'New PIN:',
  newText: (min, max) => `Choose a new PIN of ${min} to ${max} characters.`,
  againLabel: 'Once more:',
  againText: 'Enter the new PIN once more.',
  badLength: (min, max) => `The new PIN must have ${min} to ${max} characters.`,
  differ: 'The two entries differ. Choose the new PIN again.',
  sameAsOld: 'The new PIN must differ from the old one.',
  useKeypad: 'Choose Continue, then follow the reader: enter the codes on its keypad.',
}

/** By language. */
export const PIN_PHRASES: Readonly<Record<Language, PinPhrases>> = { vi, en }
