/**
 * Shapes of messages: one value is both the runtime check and the static type.
 * @module
 */
import { type Bytes, encodeBase64url, parseBase64url } from '../bytes.ts'

/** A check that turns a value of the wire into a trusted one, or says at which path it is wrong. */
export interface Shape<T> {
  /** @throws {ShapeError} naming the path, never the value */
  read(value: unknown, path: string): T
  /** The JSON form. */
  write(value: T): unknown
}

export type Infer<S> = S extends Shape<infer T> ? T : never

/** A value does not have the promised shape. Holds the path only, so that nothing secret can leak. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError'
  readonly path: string
  constructor(path: string, expected: string) {
    super(`${path}: expected ${expected}`)
    this.path = path
  }
}

const same = <T>(value: T): unknown => value

export function text(maxLength: number): Shape<string> {
  return {
    read(value, path) {
      if (typeof value !== 'string' || value.length > maxLength) {
        throw new ShapeError(path, `text of at most ${maxLength} characters`)
      }
      return value
    },
    write: same,
  }
}

export function integer(min: number, max: number): Shape<number> {
  return {
    read(value, path) {
      if (!Number.isSafeInteger(value) || (value as number) < min || (value as number) > max) {
        throw new ShapeError(path, `a whole number from ${min} to ${max}`)
      }
      return value as number
    },
    write: same,
  }
}

export const boolean: Shape<boolean> = {
  read(value, path) {
    if (typeof value !== 'boolean') throw new ShapeError(path, 'true or false')
    return value
  },
  write: same,
}

export function oneOf<const T extends string>(allowed: readonly T[]): Shape<T> {
  return {
    read(value, path) {
      if (!allowed.includes(value as T)) throw new ShapeError(path, `one of ${allowed.join(', ')}`)
      return value as T
    },
    write: same,
  }
}

/** Bytes, base64url without padding on the wire. */
export function bytes(maxBytes: number): Shape<Bytes> {
  return {
    read(value, path) {
      const tooLong = typeof value !== 'string' || value.length > Math.ceil((maxBytes * 4) / 3)
      const parsed = tooLong ? undefined : parseBase64url(value)
      if (parsed === undefined) throw new ShapeError(path, `base64url of at most ${maxBytes} bytes`)
      return parsed
    },
    write: (value) => encodeBase64url(value),
  }
}

export function list<T>(item: Shape<T>, min: number, max: number): Shape<readonly T[]> {
  return {
    read(value, path) {
      if (!Array.isArray(value) || value.length < min || value.length > max) {
        throw new ShapeError(path, `a list of ${min} to ${max} items`)
      }
      return value.map((element, index) => item.read(element, `${path}[${index}]`))
    },
    write: (value) => value.map((element) => item.write(element)),
  }
}

type Fields = Readonly<Record<string, Shape<unknown>>>
type OptionalNames<F extends Fields> = {
  [K in keyof F]: F[K] extends { readonly optional: true } ? K : never
}[keyof F]
type ObjectOf<F extends Fields> = {
  readonly [K in Exclude<keyof F, OptionalNames<F>>]: Infer<F[K]>
} & {
  readonly [K in OptionalNames<F>]?: Infer<F[K]>
}

/** Marks a field that may be absent. */
export function optional<T>(shape: Shape<T>): Shape<T> & { readonly optional: true } {
  return { ...shape, optional: true }
}

/** An object of known fields. Unknown ones are dropped, so that a newer peer may add some. */
export function object<F extends Fields>(fields: F): Shape<ObjectOf<F>> {
  const entries = Object.entries(fields) as [string, Shape<unknown> & { optional?: true }][]
  return {
    read(value, path) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw new ShapeError(path, 'an object')
      }
      const result: Record<string, unknown> = {}
      for (const [name, shape] of entries) {
        const field = Object.hasOwn(value, name)
          ? (value as Record<string, unknown>)[name]
          : undefined
        if (field === undefined && shape.optional === true) continue
        result[name] = shape.read(field, `${path}.${name}`)
      }
      return result as ObjectOf<F>
    },
    write(value) {
      const result: Record<string, unknown> = {}
      for (const [name, shape] of entries) {
        const field = (value as Record<string, unknown>)[name]
        if (field !== undefined) result[name] = shape.write(field)
      }
      return result
    },
  }
}
