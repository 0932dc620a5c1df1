/**
 * A size of a shape: known, an expression over named sizes, or unknown.
 * Expressions are canonical strings, so equal expressions compare equal.
 */
export type Dim = number | string | undefined
