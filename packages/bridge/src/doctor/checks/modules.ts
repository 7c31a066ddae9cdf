/**
 * PKCS#11 modules: what was found, and why one of them cannot be used.
 * @module
 */
import path from 'node:path'
import { describeError } from '@trien/sdk/error-texts'
import { ModuleFailure } from '../../token/problem.ts'
import { type Finding, type FindingState, type InBoth, say } from '../finding.ts'
import type { Machine } from '../machine.ts'
import { MODULE_PROBLEMS } from '../module-problems.ts'
import type { SurveyedModule } from '../survey.ts'

export async function checkModules(machine: Machine): Promise<Finding[]> {
  const surveyed = await machine.survey()
  if (surveyed === undefined) return [unknownModules()]
  if (surveyed.length === 0) return [noModule()]
  const isOneGood = surveyed.some(({ failure }) => failure === undefined)
  return surveyed.map((one) => describe(one, isOneGood ? 'warning' : 'bad'))
}

function unknownModules(): Finding {
  return {
    id: 'modules.list',
    state: 'unknown',
    text: say(
      'Không tìm trình điều khiển vì tệp cấu hình có lỗi.',
      'Drivers were not looked for, because a settings file is wrong.',
    ),
  }
}

function noModule(): Finding {
  return {
    id: 'modules.list',
    state: 'bad',
    text: say(
      'Máy này không có trình điều khiển (PKCS#11) nào mà Trien biết.',
      'This computer has no PKCS#11 module (driver of a token) that Trien knows.',
    ),
    remedy: say(
      'Cài trình điều khiển của nhà cung cấp USB token, hoặc sudo apt install opensc-pkcs11; nếu đã cài, ghi tên tệp vào "modules" trong bridge.json.',
      'Install the driver of the token’s vendor, or sudo apt install opensc-pkcs11; where it is installed, name its file under "modules" in bridge.json.',
    ),
  }
}

function describe({ module, tokens, failure }: SurveyedModule, state: FindingState): Finding {
  const file = path.win32.basename(module.modulePath)
  const name = module.vendor === undefined ? file : `${module.vendor} (${file})`
  const head = { id: `modules.${file}`, personal: [module.modulePath] }
  if (failure === undefined) {
    const count = tokens.length
    return {
      ...head,
      state: 'good',
      text: say(
        `Trình điều khiển ${name} hoạt động, thấy ${count} token.`,
        `The module ${name} works and sees ${count} token(s).`,
      ),
    }
  }
  const { cause } = failure
  const words =
    cause instanceof ModuleFailure
      ? MODULE_PROBLEMS[cause.problem]
      : { text: wordsOf('sentence'), remedy: wordsOf('remedy') }
  const personal = cause instanceof ModuleFailure ? [cause.message] : [failure.code]
  return {
    ...head,
    state,
    text: say(`Trình điều khiển ${name}: ${words.text.vi}`, `The module ${name}: ${words.text.en}`),
    remedy: words.remedy,
    personal: [...head.personal, ...personal],
  }

  function wordsOf(part: 'sentence' | 'remedy'): InBoth {
    const error = failure ?? { code: 'BRIDGE_INTERNAL' as const, details: {} }
    return say(describeError(error, 'vi')[part], describeError(error, 'en')[part])
  }
}
