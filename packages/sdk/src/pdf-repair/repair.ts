/**
 * What a repair did.
 * @module
 */

/**
 * One thing that was put right.
 *
 * - `header`: what stood before `%PDF-` was left off, or the header itself was missing
 * - `cross-reference`: where objects lie was found out by reading all of them
 * - `trailer`: the file did not say which object is its root
 * - `stream-length`: a stream was longer or shorter than it said
 * - `object-end`: `endobj` was missing
 * - `object-lost`: what stands there is no object; it was left out, and nothing that a page shows needs it
 */
export interface Repair {
  readonly what:
    'header' | 'cross-reference' | 'trailer' | 'stream-length' | 'object-end' | 'object-lost'
  /** Number of the object. */
  readonly object?: number
}
