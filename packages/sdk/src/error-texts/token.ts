/**
 * Words for what goes wrong with a token or its PIN.
 * @module
 */
import type { ErrorCode } from '../error-catalogue.ts'
import type { ErrorText } from './text.ts'

export const TOKEN_TEXTS: Readonly<Record<Extract<ErrorCode, `TOKEN_${string}`>, ErrorText>> = {
  TOKEN_ABSENT: {
    sentence: {
      vi: 'Chưa cắm thiết bị ký số (USB token).',
      en: 'No signing token (USB token) is plugged in.',
    },
    remedy: { vi: 'Cắm USB token rồi thử lại.', en: 'Plug the token in, then try again.' },
  },
  TOKEN_REMOVED: {
    sentence: {
      vi: 'USB token đã bị rút ra khi đang dùng.',
      en: 'The token was removed while in use.',
    },
    remedy: { vi: 'Cắm lại USB token và ký lại.', en: 'Plug the token back in and sign again.' },
  },
  TOKEN_PIN_INCORRECT: {
    sentence: { vi: 'Mã PIN không đúng.', en: 'The PIN is not correct.' },
    remedy: {
      vi: 'Kiểm tra lại mã PIN trước khi thử lại; sai nhiều lần sẽ bị khóa.',
      en: 'Check the PIN before you try again; too many wrong ones lock the token.',
    },
  },
  TOKEN_PIN_LOCKED: {
    sentence: { vi: 'Mã PIN của USB token đã bị khóa.', en: 'The token’s PIN is locked.' },
    remedy: {
      vi: 'Mở khóa bằng mã PUK nếu bạn có, hoặc liên hệ nơi cấp chứng thư số.',
      en: 'Unlock it with the PUK if you have it, or ask the issuer of your certificate.',
    },
  },
  TOKEN_PIN_EXPIRED: {
    sentence: { vi: 'Phải đổi mã PIN trước đã.', en: 'The token wants its PIN changed first.' },
    remedy: {
      vi: 'Bấm “Đổi mã PIN” trên trang, hoặc chạy lệnh trien-bridge tokens change-pin, rồi làm lại.',
      en: 'Choose “Change the PIN” on the page, or run trien-bridge tokens change-pin, then try again.',
    },
  },
  TOKEN_PIN_INVALID: {
    sentence: { vi: 'USB token không nhận mã PIN mới này.', en: 'The token refuses this new PIN.' },
    remedy: {
      vi: 'Chọn mã PIN khác, đúng độ dài và không quá đơn giản.',
      en: 'Choose another PIN, of the right length and not too simple.',
    },
  },
  TOKEN_PUK_INCORRECT: {
    sentence: { vi: 'Mã mở khóa (PUK) không đúng.', en: 'The unlock code (PUK) is not correct.' },
    remedy: {
      vi: 'Kiểm tra lại mã PUK trước khi thử lại; sai nhiều lần thì thiết bị hỏng hẳn.',
      en: 'Check the PUK before you try again; too many wrong ones make the token useless.',
    },
  },
  TOKEN_PUK_LOCKED: {
    sentence: { vi: 'Mã mở khóa (PUK) đã bị khóa.', en: 'The unlock code (PUK) is locked.' },
    remedy: {
      vi: 'Liên hệ nơi cấp chứng thư số để được cấp lại thiết bị.',
      en: 'Ask the issuer of your certificate for another token.',
    },
  },
  TOKEN_UNSUPPORTED: {
    sentence: { vi: 'USB token không làm được việc này.', en: 'The token cannot do this here.' },
    remedy: {
      vi: 'Dùng phần mềm của hãng đi kèm thiết bị, hoặc liên hệ nơi cấp chứng thư số.',
      en: 'Use the vendor’s own program for the token, or ask the issuer of your certificate.',
    },
    remedyByReason: {
      keypad: {
        vi: 'Người quản trị: tắt bàn phím của đầu đọc (với OpenSC: enable_pinpad = false), để mã PIN được nhập trên máy tính.',
        en: 'Administrator: switch the reader’s keypad off (with OpenSC: enable_pinpad = false), so that the PIN is typed at the computer.',
      },
    },
  },
  TOKEN_KEY_NOT_FOUND: {
    sentence: {
      vi: 'Không tìm thấy khóa của chứng thư số này trên USB token.',
      en: 'The key of this certificate is not on the token.',
    },
    remedy: {
      vi: 'Cắm đúng USB token hoặc chọn chứng thư số khác.',
      en: 'Plug in the right token or choose another certificate.',
    },
  },
  TOKEN_MECHANISM: {
    sentence: {
      vi: 'USB token không hỗ trợ thuật toán {algorithm}.',
      en: 'The token does not support the algorithm {algorithm}.',
    },
    remedy: {
      vi: 'Chọn thuật toán khác hoặc dùng USB token mới hơn.',
      en: 'Choose another algorithm or use a newer token.',
    },
  },
  TOKEN_DRIVER_CRASHED: {
    sentence: {
      vi: 'Trình điều khiển của USB token bị dừng đột ngột.',
      en: 'The token’s driver crashed.',
    },
    remedy: {
      vi: 'Thử lại; nếu vẫn lỗi, cập nhật trình điều khiển.',
      en: 'Try again; if it goes on, update the driver.',
    },
  },
  TOKEN_TIMEOUT: {
    sentence: { vi: 'USB token không trả lời kịp.', en: 'The token did not answer in time.' },
    remedy: {
      vi: 'Rút USB token ra, cắm lại rồi thử lại.',
      en: 'Unplug the token, plug it back in and try again.',
    },
  },
  TOKEN_DEVICE: {
    sentence: { vi: 'USB token báo lỗi ({ckr}).', en: 'The token reported an error ({ckr}).' },
    remedy: {
      vi: 'Rút USB token ra, cắm lại rồi thử lại.',
      en: 'Unplug the token, plug it back in and try again.',
    },
  },
  TOKEN_SIGNATURE_INVALID: {
    sentence: {
      vi: 'Chữ ký nhận được không khớp với chứng thư số nên không được dùng.',
      en: 'The signature returned does not match the certificate, so it was not used.',
    },
    remedy: {
      vi: 'Thử lại; nếu vẫn lỗi, báo nơi cấp USB token.',
      en: 'Try again; if it goes on, tell the issuer of the token.',
    },
  },
}
