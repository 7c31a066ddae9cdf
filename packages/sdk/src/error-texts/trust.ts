/**
 * Words for what authorities have to say of a signature.
 * @module
 */
import type { ErrorCode } from '../error-catalogue.ts'
import type { ErrorText } from './text.ts'

export const TRUST_TEXTS: Readonly<Record<Extract<ErrorCode, `TRUST_${string}`>, ErrorText>> = {
  TRUST_TIMESTAMP: {
    sentence: {
      vi: 'Chưa lấy được dấu thời gian cho chữ ký.',
      en: 'No time stamp could be had for the signature.',
    },
    remedy: {
      vi: 'Chữ ký đã có vẫn được giữ. Thử lấy lại dấu thời gian sau ít phút, không cần ký lại.',
      en: 'The signature that was made is kept. Ask for the time stamp again in a few minutes; there is no need to sign again.',
    },
    remedyByReason: {
      expired: {
        vi: 'Chứng thư số của người ký đã hết hạn trước thời điểm đóng dấu. Ký lại bằng chứng thư số còn hạn.',
        en: 'The signer’s certificate had expired before the time of the stamp. Sign again with a certificate that is valid.',
      },
      refused: {
        vi: 'Người quản trị: máy chủ dấu thời gian từ chối yêu cầu ({what}). Chữ ký đã có vẫn được giữ.',
        en: 'Administrator: the time stamping server refused the request ({what}). The signature that was made is kept.',
      },
      invalid: {
        vi: 'Người quản trị: câu trả lời của máy chủ dấu thời gian không hợp lệ ({what}). Dùng máy chủ khác. Chữ ký đã có vẫn được giữ.',
        en: 'Administrator: the answer of the time stamping server is not valid ({what}). Use another server. The signature that was made is kept.',
      },
    },
  },
}
