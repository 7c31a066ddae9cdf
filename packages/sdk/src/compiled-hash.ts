/**
 * Hashes in WebAssembly. A file of its own, loaded on demand: a page gets these three, not all thirty of hash-wasm.
 * @module
 */
export { createSHA256, createSHA384, createSHA512 } from 'hash-wasm'
