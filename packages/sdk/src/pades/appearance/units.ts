/**
 * Units of length.
 * @module
 */

/** A point is 1/72 inch. */
export const POINTS_PER_MM = 72 / 25.4
