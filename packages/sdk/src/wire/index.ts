/**
 * The wire between page and bridge: the contract that both ends import.
 * @module
 */
export * from './codec.ts'
export * from './limits.ts'
export * from './messages.ts'
export { type Infer, type Shape, ShapeError } from './shape.ts'
