/**
 * Trien: digital signing for web portals.
 * @module
 */
export * from './errors.ts'
export * from './types.ts'
export { ALGORITHM_NAMES, isAlgorithmName } from './algorithms.ts'
