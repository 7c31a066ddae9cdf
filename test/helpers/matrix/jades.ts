/**
 * JSON Web Signatures as containers of the matrix.
 * @module
 */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { addJsonSignature, counterSignJson, signJson } from '@trien/sdk/jades'
import type { Bytes } from '@trien/sdk/types'
import type { SignedFile } from '../referees/index.ts'
import { CONTENT } from './cms.ts'
import { type Cell, type Container, LEVELS, RENEWED, fileName } from './container.ts'
import { reach } from './reach.ts'

/** What is signed. */
const PAYLOAD = '{"tên":"Đơn đề nghị cấp lại giấy phép","số":12}'
const payload = new TextEncoder().encode(PAYLOAD)

export const JADES_CONTAINERS: readonly Container[] = [
  {
    ...{ name: 'JAdES compact', kind: 'jades', levels: ['B-B'] },
    gap: 'a compact text has no unprotected header, and so no place for what a level adds (TS 119 182-1 §5.3)',
    async sign(cell, { signer }, folder) {
      return writeJws(cell, await signJson(payload, { signer, algorithm: cell.algorithm }), folder)
    },
  },
  {
    ...{ name: 'JAdES flattened', kind: 'jades', levels: LEVELS },
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const options = { ...means, algorithm, level, form: 'flattened' } as const
      return writeJws(cell, await signJson(payload, options), folder)
    },
  },
  {
    ...{ name: 'JAdES flattened b64 false', kind: 'jades', levels: LEVELS },
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const options = { ...means, algorithm, form: 'flattened', b64: false } as const
      return writeJws(cell, await reach(level, await signJson(payload, options), means), folder)
    },
  },
  {
    ...{ name: 'JAdES detached', kind: 'jades', levels: LEVELS },
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const data = path.join(folder, 'data.txt')
      await writeFile(data, CONTENT)
      const document = { name: 'data.txt', mediaType: 'text/plain' }
      const options = { ...means, algorithm, level, document, detached: true }
      const signature = path.join(folder, `${fileName(cell)}.json`)
      await writeFile(signature, await signJson(CONTENT, options))
      return { kind: 'jades', level, signature, data }
    },
  },
  {
    ...{ name: 'JAdES general two signers', kind: 'jades', levels: LEVELS },
    isShared: true,
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const first = await signJson(payload, { signer: means.colleague, form: 'general' })
      const both = await addJsonSignature(first, { signer: means.signer, algorithm })
      return writeJws(cell, await reach(level, both, means), folder)
    },
  },
  {
    // The archive time stamp was renewed, and what proves the first one put in before that.
    ...{ name: 'JAdES renewed', kind: 'jades', levels: ['B-LTA'], gap: RENEWED },
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const archived = await signJson(payload, { ...means, algorithm, level })
      return writeJws(cell, await reach(level, archived, means), folder)
    },
  },
  {
    ...{ name: 'JAdES counter-signed', kind: 'jades', levels: LEVELS },
    ...{ isShared: true, isCounterSigned: true },
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const options = { ...means, level, form: 'flattened' } as const
      const signed = await signJson(payload, { ...options, signer: means.colleague })
      return writeJws(cell, await counterSignJson(signed, { ...means, algorithm, level }), folder)
    },
  },
]

/** Writes a JWS that encloses the payload, and a copy in which the payload is another. */
async function writeJws(cell: Cell, jws: Bytes, folder: string): Promise<SignedFile> {
  const signature = path.join(folder, `${fileName(cell)}.json`)
  const tampered = path.join(folder, `tampered-${fileName(cell)}.json`)
  await writeFile(signature, jws)
  const text = new TextDecoder().decode(jws)
  const other = PAYLOAD.replace('12', '13')
  const encode = (of: string) => Buffer.from(of).toString('base64url')
  const inJson = (of: string) => JSON.stringify(of).slice(1, -1)
  const changed = text
    .replace(encode(PAYLOAD), encode(other))
    .replace(inJson(PAYLOAD), inJson(other))
  if (changed === text) throw new Error(`${signature}: the payload is not inside`)
  await writeFile(tampered, changed)
  return { kind: 'jades', level: cell.level, signature, tampered }
}
