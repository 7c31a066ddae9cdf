/**
 * Tokens that are plugged in, and how many tries of the PIN are left.
 * @module
 */
import { createPinMemory } from '../../pin-memory.ts'
import type { PinState, SeenToken } from '../../token/types.ts'
import { type Finding, say } from '../finding.ts'
import type { Machine } from '../machine.ts'
import { listTokens } from '../survey.ts'

export async function checkTokens(machine: Machine): Promise<Finding[]> {
  const surveyed = await machine.survey()
  if (surveyed === undefined) return []
  const tokens = listTokens(surveyed)
  if (tokens.length === 0) return [noToken()]
  const memory = createPinMemory(() => machine.stateFolder)
  return tokens.map((seen, index) =>
    describe(seen, index + 1, memory.countWrong(seen.token, 'pin')),
  )
}

function noToken(): Finding {
  return {
    id: 'tokens.list',
    state: 'warning',
    text: say('Chưa thấy USB token nào.', 'No token is seen.'),
    remedy: say(
      'Cắm USB token. Nếu đã cắm: thử cổng USB khác và xem các mục về trình điều khiển và đầu đọc ở trên.',
      'Plug the token in. If it is: try another USB port, and see the findings on modules and readers.',
    ),
  }
}

const PIN_WORDS: Readonly<Record<PinState, Pick<Finding, 'state' | 'text' | 'remedy'>>> = {
  ok: {
    state: 'good',
    text: say('mã PIN dùng được.', 'the PIN can be used.'),
  },
  low: {
    state: 'warning',
    text: say('mã PIN đã bị nhập sai.', 'a wrong PIN was entered.'),
    remedy: say(
      'Nhập đúng mã PIN ở lần ký tới; chưa chắc thì hỏi lại trước khi thử.',
      'Enter the right PIN when you sign next; ask before you try if you are not sure.',
    ),
  },
  final: {
    state: 'bad',
    text: say(
      'chỉ còn một lần nhập mã PIN, sai nữa sẽ bị khóa.',
      'one try of the PIN is left; a wrong one locks it.',
    ),
    remedy: say(
      'Đừng thử nếu chưa chắc chắn; hỏi nơi cấp chứng thư số để đặt lại mã PIN.',
      'Do not try unless you are certain; ask the issuer of the certificate to reset the PIN.',
    ),
  },
  locked: {
    state: 'bad',
    text: say('mã PIN đã bị khóa.', 'the PIN is locked.'),
    remedy: say(
      'Liên hệ nơi cấp chứng thư số để mở khóa; việc này cần yêu cầu bằng văn bản.',
      'Ask the issuer of the certificate to unlock it; most want a written request.',
    ),
  },
}

const MUST_CHANGE: Pick<Finding, 'state' | 'text' | 'remedy'> = {
  state: 'warning',
  text: say('phải đổi mã PIN trước khi ký.', 'the PIN is to be changed before it signs.'),
  remedy: say('Chạy: trien-bridge tokens change-pin', 'Run: trien-bridge tokens change-pin'),
}

/** What a token does not tell, the bridge remembers. */
function wrongHere(count: number): Pick<Finding, 'state' | 'text' | 'remedy'> {
  const text = say(
    `mã PIN đã bị nhập sai ${count} lần liên tiếp trên máy này.`,
    `the PIN was entered wrongly ${count} time(s) in a row on this computer.`,
  )
  return { ...PIN_WORDS.low, text }
}

function judgePin({ pinState, mustChangePin }: SeenToken['token'], wrongCount: number) {
  if (pinState !== 'ok') return PIN_WORDS[pinState]
  if (wrongCount > 0) return wrongHere(wrongCount)
  return mustChangePin === true ? MUST_CHANGE : PIN_WORDS.ok
}

function describe({ token, certificates }: SeenToken, number: number, wrongCount: number): Finding {
  const { state, text, remedy } = judgePin(token, wrongCount)
  const count = certificates.length
  return {
    id: `tokens.${number}`,
    state,
    text: say(
      `Token ${number}: có ${count} chứng thư số, ${text.vi}`,
      `Token ${number}: ${count} certificate(s), ${text.en}`,
    ),
    ...(remedy === undefined ? {} : { remedy }),
    personal: [`${token.label}, ${token.manufacturer}, ${token.serial}`],
  }
}
