/**
 * Words for what the relay could not bring.
 * @module
 */
import type { ErrorCode } from '../error-catalogue.ts'
import type { ErrorText } from './text.ts'

export const RELAY_TEXTS: Readonly<
  Record<Extract<ErrorCode, `BRIDGE_RELAY_${string}`>, ErrorText>
> = {
  BRIDGE_RELAY_REFUSED: {
    sentence: {
      vi: 'Chương trình ký không gửi yêu cầu này tới máy chủ chứng thực.',
      en: 'The signing program does not send this request to a certification server.',
    },
    remedy: {
      vi: 'Chọn chứng thư số trên thiết bị đang cắm rồi thử lại; nếu vẫn lỗi, báo người quản trị.',
      en: 'Choose a certificate of the token that is plugged in and try again; if it goes on, tell your administrator.',
    },
    remedyByReason: {
      certificate: {
        vi: 'Cắm thiết bị chứa chứng thư số này rồi thử lại.',
        en: 'Plug in the token that holds this certificate, then try again.',
      },
      'no-address': {
        vi: 'Người quản trị: ghi máy chủ dấu thời gian vào mục timestampServers trong tệp cấu hình của Trien.',
        en: 'Administrator: name a timestamp server under timestampServers in Trien’s settings file.',
      },
      internal: {
        vi: 'Người quản trị: nếu máy chủ {host} thuộc mạng nội bộ của cơ quan, ghi tên và cổng của nó vào mục internalHosts trong tệp cấu hình của Trien.',
        en: 'Administrator: if {host} is a server of your own network, name it with its port under internalHosts in Trien’s settings file.',
      },
    },
  },
  BRIDGE_RELAY_UNREACHABLE: {
    sentence: {
      vi: 'Không kết nối được với máy chủ chứng thực {host}.',
      en: 'The certification server {host} cannot be reached.',
    },
    remedy: {
      vi: 'Kiểm tra kết nối mạng, đợi vài phút rồi thử lại.',
      en: 'Check the network connection, wait a few minutes, then try again.',
    },
  },
  BRIDGE_RELAY_ANSWER: {
    sentence: {
      vi: 'Máy chủ chứng thực trả lời không đúng yêu cầu.',
      en: 'The certification server did not give the answer that was asked for.',
    },
    remedy: {
      vi: 'Thử lại sau vài phút; nếu vẫn lỗi, báo cho nhà cung cấp chứng thư số.',
      en: 'Try again in a few minutes; if it goes on, tell the certificate’s issuer.',
    },
  },
}
