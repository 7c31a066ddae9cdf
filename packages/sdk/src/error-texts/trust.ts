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
  TRUST_STATUS: {
    sentence: {
      vi: 'Chưa xác nhận được tình trạng của chứng thư số.',
      en: 'The state of the certificate could not be confirmed.',
    },
    remedy: {
      vi: 'Kiểm tra kết nối mạng, đợi vài phút rồi thử lại.',
      en: 'Check the network connection, wait a few minutes, then try again.',
    },
    remedyByReason: {
      unknown: {
        vi: 'Nơi cấp không nhận ra chứng thư số này. Hỏi nơi cấp, hoặc chọn chứng thư số khác.',
        en: 'Its issuer does not know this certificate. Ask the issuer, or choose another certificate.',
      },
      invalid: {
        vi: 'Người quản trị: câu trả lời của máy chủ chứng thực không hợp lệ ({what}). Kiểm tra ngày giờ của máy; nếu vẫn lỗi, báo cho nơi cấp chứng thư số.',
        en: 'Administrator: the answer of the certification server is not valid ({what}). Check the computer’s clock; if it goes on, tell the certificate’s issuer.',
      },
      unavailable: {
        vi: 'Người phát triển cổng: trong authorities chưa có ai trả lời được về chứng thư số này.',
        en: 'Portal developer: nobody among authorities answers for this certificate.',
      },
      'no-issuer': {
        vi: 'Người phát triển cổng: không tìm thấy chứng thư số của nơi cấp. Truyền nó trong chain của signer.',
        en: 'Portal developer: the certificate’s issuer cannot be found. Pass its certificate in the signer’s chain.',
      },
    },
  },
  TRUST_REVOKED: {
    sentence: {
      vi: 'Chứng thư số đã bị thu hồi từ {since}.',
      en: 'The certificate was revoked on {since}.',
    },
    remedy: {
      vi: 'Liên hệ nơi cấp để được cấp chứng thư số mới, hoặc chọn chứng thư số khác.',
      en: 'Ask the issuer for a new certificate, or choose another one.',
    },
    remedyByReason: {
      keyCompromise: {
        vi: 'Khóa bí mật có thể đã bị lộ. Ngừng dùng thiết bị này và liên hệ ngay với nơi cấp chứng thư số.',
        en: 'The private key may have been exposed. Stop using this token and call the certificate’s issuer at once.',
      },
      certificateHold: {
        vi: 'Chứng thư số đang bị tạm dừng. Liên hệ nơi cấp để khôi phục rồi ký lại.',
        en: 'The certificate is on hold. Ask its issuer to release it, then sign again.',
      },
    },
  },
  TRUST_VALIDITY: {
    sentence: {
      vi: 'Chứng thư số không trong thời hạn hiệu lực.',
      en: 'The certificate is not within its period of validity.',
    },
    remedy: {
      vi: 'Chọn chứng thư số còn hiệu lực.',
      en: 'Choose a certificate that is valid.',
    },
    remedyByReason: {
      expired: {
        vi: 'Chứng thư số đã hết hạn từ {at}. Kiểm tra ngày giờ của máy; nếu đúng, gia hạn hoặc chọn chứng thư số khác.',
        en: 'The certificate expired on {at}. Check the computer’s clock; if it is right, renew the certificate or choose another one.',
      },
      early: {
        vi: 'Chứng thư số có hiệu lực từ {at}. Kiểm tra ngày giờ của máy; nếu đúng, đợi đến lúc đó rồi ký.',
        en: 'The certificate is valid from {at}. Check the computer’s clock; if it is right, sign when that time has come.',
      },
    },
  },
}
