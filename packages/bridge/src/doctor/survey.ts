/**
 * Every module asked what it has. Asks no PIN.
 * @module
 */
import { encodeHex } from '@trien/sdk/bytes'
import { type SigningError, isSigningError } from '@trien/sdk/errors'
import { CommandFailure } from '../failure.ts'
import { type FoundModule, findModules } from '../token/discovery/find-modules.ts'
import type { Place } from '../settings/place.ts'
import { createModuleSource } from '../token/supervisor.ts'
import type { SeenToken } from '../token/types.ts'

/** A module and its tokens. */
export interface SurveyedModule {
  readonly module: FoundModule
  readonly tokens: readonly SeenToken[]
  /** Undefined where the module answered. */
  readonly failure: SigningError | undefined
}

/** @returns undefined where a settings file is wrong: which modules there are is then not known */
export async function surveyModules(place: Place): Promise<readonly SurveyedModule[] | undefined> {
  let modules: readonly FoundModule[]
  try {
    modules = findModules(place)
  } catch (error) {
    if (error instanceof CommandFailure) return undefined
    throw error
  }
  return Promise.all(modules.map(surveyModule))
}

async function surveyModule(module: FoundModule): Promise<SurveyedModule> {
  const { modulePath, parameters, isGeneric } = module
  const source = createModuleSource({ modulePath, parameters, isGeneric })
  try {
    const tokens = await source.describe(new AbortController().signal)
    return { module, tokens, failure: undefined }
  } catch (error) {
    if (!isSigningError(error)) throw error
    return { module, tokens: [], failure: error }
  } finally {
    await source.close()
  }
}

/** Tokens of all modules; one that two modules drive is one. */
export function listTokens(surveyed: readonly SurveyedModule[]): readonly SeenToken[] {
  const ordered = [...surveyed].sort(
    (left, right) => Number(left.module.isGeneric) - Number(right.module.isGeneric),
  )
  const known = new Set<string>()
  return ordered.flatMap(({ tokens }) =>
    tokens.filter(({ token, certificates }) => {
      const names = [
        JSON.stringify([token.manufacturer, token.serial, token.label]),
        ...certificates.map(({ id }) => encodeHex(id)),
      ]
      const isNew = !names.some((name) => known.has(name))
      names.forEach((name) => known.add(name))
      return isNew
    }),
  )
}
