/**
 * `trien-bridge origins`: which sites may see the certificates, and how to take that back. A running bridge heeds it at
 * its next decision.
 * @module
 */
import { parseOriginsArguments } from '../config.ts'
import { CommandFailure } from '../failure.ts'
import { log } from '../log.ts'
import { type ConsentFile, openConsentFile } from '../server/consent-file.ts'
import { type ConsentRecord, dayOf, isCurrent } from '../server/consent-records.ts'
import { findStateFolder } from '../state-folder.ts'

/** Opens the consents of the person who runs this. */
export function openOwnConsents(): ConsentFile {
  return openConsentFile(findStateFolder(), (reason, keptAs) => {
    log(
      `did not believe the file of consents (${reason}); kept it as ${keptAs}, sites will be asked for anew`,
    )
  })
}

/** @throws {CommandFailure} */
export async function origins(args: readonly string[]): Promise<void> {
  const config = parseOriginsArguments(args)
  const file = openOwnConsents()
  try {
    if (config.deed === 'list') print(readCurrent(file), config.json)
    else if (config.deed === 'clear') await clear(file)
    else await remove(file, config.origin)
  } catch (cause) {
    if (cause instanceof CommandFailure) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new CommandFailure(`cannot use ${file.path}: ${reason}`, `trien-bridge origins`, {
      cause,
    })
  }
}

function readCurrent(file: ConsentFile): readonly ConsentRecord[] {
  const today = dayOf(new Date())
  return file.read().filter((record) => isCurrent(record, today))
}

async function remove(file: ConsentFile, origin: string): Promise<void> {
  let wasThere = false
  await file.change((records) => {
    wasThere = records.some((record) => record.origin === origin)
    return records.filter((record) => record.origin !== origin)
  })
  if (!wasThere) {
    throw new CommandFailure(`${origin} was not allowed anything`, 'trien-bridge origins')
  }
  log(`${origin} must ask again`)
}

async function clear(file: ConsentFile): Promise<void> {
  let count = 0
  await file.change((records) => {
    count = records.length
    return []
  })
  log(`${count} ${count === 1 ? 'site' : 'sites'} must ask again`)
}

function print(records: readonly ConsentRecord[], json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(records, null, 2)}\n`)
    return
  }
  if (records.length === 0) log('no site may see the certificates')
  for (const { origin, granted, lastUsed } of records) {
    process.stdout.write(`${origin}\n  allowed    ${granted}, last used ${lastUsed}\n`)
  }
}
