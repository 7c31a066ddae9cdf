/**
 * A face made of a program that shows dialogs, as macOS and Windows have one.
 * @module
 */
import { UserError } from '@trien/sdk/errors'
import { type DialogProgram, askByProgram } from './dialog-program.ts'
import type { Face } from './face.ts'

/** Makes a face of a program; each dialog starts it anew. */
export function createProgramFace(program: DialogProgram): Face {
  return {
    async confirm(words, asking) {
      return (await askByProgram(program, words, asking)) !== undefined
    },
    async askSecret(words, asking) {
      const secret = await askByProgram(program, words, asking)
      if (secret === undefined) throw new UserError('USER_CANCELLED')
      return secret
    },
  }
}
