/**
 * Words for a document that cannot be signed as it is.
 * @module
 */
import type { ErrorCode } from '../error-catalogue.ts'
import type { ErrorText } from './text.ts'

export const FORMAT_TEXTS: Readonly<Record<Extract<ErrorCode, `FORMAT_${string}`>, ErrorText>> = {
  FORMAT_MALFORMED: {
    sentence: {
      vi: 'Tệp bị hỏng nên không ký được.',
      en: 'The file is damaged and cannot be signed.',
    },
    remedy: {
      vi: 'Mở tệp, lưu lại thành bản mới rồi ký bản đó.',
      en: 'Open the file, save it as a new copy and sign that.',
    },
  },
  FORMAT_UNSUPPORTED: {
    sentence: {
      vi: 'Tệp dùng tính năng chưa được hỗ trợ: {feature}.',
      en: 'The file uses a feature that is not supported: {feature}.',
    },
    remedy: {
      vi: 'Lưu tệp dưới dạng khác rồi ký lại.',
      en: 'Save the file in another form and sign that.',
    },
  },
  FORMAT_NOT_ALLOWED: {
    sentence: {
      vi: 'Tác giả của tệp không cho phép ký thêm.',
      en: 'The author of the file does not allow another signature.',
    },
    remedy: {
      vi: 'Xin người gửi một bản chưa khóa.',
      en: 'Ask the sender for a copy that is not locked.',
    },
    byRule: {
      archived: {
        sentence: {
          vi: 'Tệp đã được đóng dấu thời gian lưu trữ đúng như hiện trạng; bổ sung vào sẽ làm dấu đó mất giá trị.',
          en: 'This file was archived as it is: whatever is added voids the archive’s time stamp.',
        },
        remedy: {
          vi: 'Nhờ nơi đã lưu trữ gia hạn. Nếu cần ký thêm, hãy ký văn bản gốc thành một tệp chữ ký riêng.',
          en: 'Have it renewed by whoever archived it. To sign as well, sign the original document in a signature file of its own.',
        },
      },
      'earlier-signature': {
        sentence: {
          vi: 'Ký thêm sẽ làm mất hiệu lực chữ ký đã có trong tệp.',
          en: 'One more signature would void one that the file has.',
        },
        remedy: {
          vi: 'Ký một bản chưa có chữ ký, hoặc ký thành tệp chữ ký riêng.',
          en: 'Sign a copy without signatures, or sign in a signature file of its own.',
        },
      },
      'duplicate-id': {
        sentence: {
          vi: 'Nhiều phần trong tệp có cùng một Id nên không rõ phải ký phần nào.',
          en: 'Several parts of the file have the same Id, so that it is not clear which is signed.',
        },
        remedy: {
          vi: 'Người phát triển cổng: đặt cho mỗi phần tử một Id riêng.',
          en: 'Portal developer: give each element an Id of its own.',
        },
      },
    },
  },
  FORMAT_PASSWORD: {
    sentence: {
      vi: 'Tệp được bảo vệ bằng mật khẩu.',
      en: 'The file is protected by a password.',
    },
    remedy: {
      vi: 'Nhập mật khẩu mở tệp rồi ký lại.',
      en: 'Enter the password that opens the file, then sign again.',
    },
    remedyByReason: {
      wrong: {
        vi: 'Mật khẩu vừa nhập không đúng. Nhập lại mật khẩu mở tệp rồi ký lại.',
        en: 'The password is not the right one. Enter the one that opens the file, then sign again.',
      },
    },
  },
  FORMAT_PLACEHOLDER_TOO_SMALL: {
    sentence: {
      vi: 'Chỗ dành cho chữ ký trong tệp quá nhỏ.',
      en: 'The room kept for the signature in the file is too small.',
    },
    remedy: {
      vi: 'Người phát triển cổng: dành ít nhất {needed} byte.',
      en: 'Portal developer: reserve at least {needed} bytes.',
    },
  },
  FORMAT_CHANGED: {
    sentence: {
      vi: 'Tệp đã thay đổi kể từ khi bắt đầu ký.',
      en: 'The file has changed since signing began.',
    },
    remedy: {
      vi: 'Ký lại từ đầu với tệp hiện tại.',
      en: 'Sign again from the start with the file as it is now.',
    },
  },
}
