/**
 * What is used of Node's file system. The sdk is written without Node's types, for it is a page's first.
 * @module
 */
import { findBuiltin } from '../builtin.ts'
import { wrongArgument } from '../errors.ts'

/** What is known of a file; as long as nobody writes to it, it stays the same. */
export interface FileStatus {
  readonly size: bigint
  readonly mtimeNs: bigint
  isFile(): boolean
}

/** `fs.promises.FileHandle`. */
export interface FileHandle {
  stat(options: { bigint: true }): Promise<FileStatus>
  read(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }>
  write(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesWritten: number }>
  close(): Promise<void>
}

/** `node:fs`. */
export interface FileSystem {
  openAsBlob(path: string, options: { type: string }): Promise<Blob>
  readonly promises: {
    open(path: string, flags: 'r' | 'wx'): Promise<FileHandle>
    rename(from: string, to: string): Promise<void>
    rm(path: string, options: { force: true }): Promise<void>
  }
}

/**
 * Node's file system.
 * @throws {UsageError} USAGE_ARGUMENT in a page
 */
export function findFileSystem(argument: string): FileSystem {
  const fs = findBuiltin('node:fs') as FileSystem | undefined
  if (fs === undefined) throw wrongArgument(argument, 'a path in Node; in a page, sign a Blob')
  return fs
}

/** @throws {UsageError} USAGE_ARGUMENT */
export function assertPath(argument: string, path: unknown): asserts path is string {
  if (typeof path === 'string' && path !== '' && !path.includes('\0')) return
  throw wrongArgument(argument, 'the path of a file')
}

/** Fills memory from a place of a file. @returns false where the file ends before */
export async function readFully(
  file: FileHandle,
  bytes: Uint8Array,
  position: number,
): Promise<boolean> {
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await file.read(bytes, at, bytes.length - at, position + at)
    if (bytesRead === 0) return false
    at += bytesRead
  }
  return true
}

/** Writes all of it at a place of a file. */
export async function writeFully(
  file: FileHandle,
  bytes: Uint8Array,
  position: number,
): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten
  }
}
