/**
 * Real PDF files taken to B-LTA: those that others signed, as they are and after a signature of ours, and a sample of the
 * rest after one of ours.
 * @module
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { isSigningError } from '@trien/sdk/errors'
import { signPdf } from '@trien/sdk/pades'
import type { Authorities, Signer, TimestampSource } from '@trien/sdk/types'
import { upgrade } from '@trien/sdk/upgrade'
import { CORPUS, listCorpus, passwordOf } from './pdf-corpus.ts'

/** Beside the PDFs lie the test files of DSS, each of which somebody signed. */
const DSS = path.join(CORPUS, '..', 'dss', 'pades')
/** Of the files that nobody signed, each of this number. */
const SAMPLE_EVERY = 16
/** Its certificate, which issued itself, is good until 2028: nothing that ends is to be in the table. */
const PERISHABLE = 'dss/DSS-3226.pdf'

/** Whose signature is to last. */
export type Way = 'theirs' | 'ours after theirs' | 'ours'

/** One file, and what is done with it. */
export interface Journey {
  readonly way: Way
  /** As the table has it. */
  readonly name: string
  readonly input: string
  readonly password: string | undefined
}

/** How far it came. */
export interface Arrival extends Journey {
  /** `B-LTA`, or the error, after what was reached. */
  readonly reached: string
  /** Undefined where nothing was written, or nothing changed. */
  readonly output: string | undefined
  /** What must never be: undefined where all is well. */
  readonly fault: string | undefined
}

/** Who helps. */
export interface Company {
  readonly signer: Signer
  readonly timestamp: TimestampSource
  readonly authorities: Authorities
}

/** Lists them, in order; empty where there is no corpus. */
export function listJourneys(): readonly Journey[] {
  const own = listCorpus().map((name) => ({ name, input: path.join(CORPUS, name) }))
  const isSigned = ({ input }: { readonly input: string }): boolean =>
    readFileSync(input).includes('/ByteRange')
  const signed = [...own, ...listDss()].filter(isSigned)
  const sample = own.filter((file) => !isSigned(file)).filter((_, at) => at % SAMPLE_EVERY === 0)
  const go = (way: Way) => (file: (typeof own)[number]) => ({
    ...file,
    ...{ way, password: passwordOf(file.name) },
  })
  return [
    ...signed.filter(({ name }) => name !== PERISHABLE).map(go('theirs')),
    ...signed.map(go('ours after theirs')),
    ...sample.map(go('ours')),
  ]
}

function listDss(): readonly { readonly name: string; readonly input: string }[] {
  if (!existsSync(DSS)) return []
  return (readdirSync(DSS, { recursive: true }) as string[])
    .filter((name) => name.endsWith('.pdf'))
    .map((name) => ({ name: `dss/${name}`, input: path.join(DSS, name) }))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
}

/** Goes as far as it goes. @param folder where the outcome is written */
export async function travel(
  journey: Journey,
  { signer, ...help }: Company,
  folder: string,
): Promise<Arrival> {
  const { way, input, password } = journey
  const before = new Uint8Array(readFileSync(input))
  let [reached, file] = ['', before]
  let step = 'signing'
  try {
    if (way !== 'theirs') file = await signPdf(before, { signer, password })
    step = 'level'
    file = await upgrade(file, { ...help, password, to: 'B-LTA' })
    reached = 'B-LTA'
  } catch (error) {
    if (!isSigningError(error) || !/^(FORMAT|TRUST)_/.test(error.code)) {
      return { ...journey, reached: 'failed', output: undefined, fault: String(error) }
    }
    file = (error as { readonly signed?: typeof file }).signed ?? file
    reached = `${step}: ${reasonOf(error.code, error.details)}`
  }
  if (Buffer.compare(file, before) === 0) {
    return { ...journey, reached, output: undefined, fault: undefined }
  }
  const output = path.join(folder, `${way}-${journey.name}`.replaceAll(/[^\w.-]/g, '_'))
  writeFileSync(output, file)
  const fault = isKept(before, file) ? undefined : 'the output does not start with the input'
  return { ...journey, reached, output, fault }
}

function reasonOf(code: string, details: Readonly<Record<string, unknown>>): string {
  const { feature, rule, reason, what, of, expected } = details
  // The one becomes the other, certificate by certificate, as years go by.
  if (reason === 'expired' || (code === 'TRUST_STATUS' && reason === 'invalid')) {
    return 'expired, or nobody answers for it'
  }
  const words = feature ?? rule ?? [reason, what, of, expected].filter(Boolean).join(', ')
  return `${code} ${String(words)}`
}

/** A stamp in the room of a signature that was there changes digits of its /Contents, which nothing covers. */
function isKept(before: Uint8Array, after: Uint8Array): boolean {
  const at = before.findIndex((octet, index) => octet !== after[index])
  if (at < 0) return after.length > before.length
  const last = before.findLastIndex((octet, index) => octet !== after[index])
  const isRoom = (bytes: Uint8Array): boolean =>
    /^[0-9A-Fa-f]+$/.test(Buffer.from(bytes.subarray(at, last + 1)).toString('latin1'))
  return isRoom(before) && isRoom(after)
}
