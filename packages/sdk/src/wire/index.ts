/**
 * The wire between page and bridge: the contract that both ends import.
 * @module
 */
export * from './codec.ts'
export * from './limits.ts'
export * from './messages.ts'
export { EXPIRES_SOON_DAYS, type Validity, judgeValidity } from './validity.ts'
export { type Infer, type Shape, ShapeError } from './shape.ts'
