/**
 * Objects on a token.
 * @module
 */
import type pkcs11js from 'pkcs11js'
import { type Handle, type Module, findCkr } from './module.ts'
import { ignoreCkr } from './session.ts'

/** More than any token holds; a driver that never ends its list is stopped. */
const MAX_OBJECTS = 256

/** Finds the objects that match. */
export function findObjects(
  module: Module,
  session: Handle,
  template: pkcs11js.Template,
): readonly Handle[] {
  module.C_FindObjectsInit(session, template)
  try {
    const found: Handle[] = []
    while (found.length < MAX_OBJECTS) {
      const handle = module.C_FindObjects(session)
      if (handle === null) break
      found.push(handle)
    }
    return found
  } finally {
    ignoreCkr(() => module.C_FindObjectsFinal(session))
  }
}

/** What drivers say of an attribute that an object has not, or keeps to itself. */
const WITHOUT = new Set(['CKR_ATTRIBUTE_TYPE_INVALID', 'CKR_ATTRIBUTE_SENSITIVE'])

/** Reads one attribute; undefined where the object has none or keeps it. */
export function readAttribute(
  module: Module,
  session: Handle,
  object: Handle,
  type: number,
): Uint8Array<ArrayBuffer> | undefined {
  try {
    const [attribute] = module.C_GetAttributeValue(session, object, [{ type }])
    return attribute === undefined ? undefined : new Uint8Array(attribute.value as Buffer)
  } catch (error) {
    if (WITHOUT.has(findCkr(error) ?? '')) return undefined
    throw error
  }
}

/** As `readAttribute`, for what one can do without: undefined whatever the driver says. */
export function findAttribute(
  ...where: Parameters<typeof readAttribute>
): Uint8Array<ArrayBuffer> | undefined {
  try {
    return readAttribute(...where)
  } catch (error) {
    if (findCkr(error) !== undefined) return undefined
    throw error
  }
}
