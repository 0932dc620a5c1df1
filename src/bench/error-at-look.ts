import {errorFunction} from 'simple-statistics'

/**
 * The constants of O'Brien and Fleming for a two-sided error of 5 %, by the most looks they serve; without end, it is where a
 * Brownian motion of length 1 arrives in 5 % of cases. @see Jennison and Turnbull 2000, Group Sequential Methods, table 2.3.
 */
const CONSTANTS: readonly (readonly [looks: number, constant: number])[] = [
  [1, 1.96],
  [3, 2.004],
  [5, 2.04],
  [8, 2.072],
  [10, 2.087],
  [15, 2.11],
  [20, 2.126],
  [Number.POSITIVE_INFINITY, 2.2414],
]

/**
 * Who looks at a growing sample again and again, and stops when he likes what he sees, finds a difference between equals far more
 * often than the 5 % of each look. This is the error that look number `look` of at most `last` may use so that all of them together
 * stay under 5 %: next to nothing early on, and almost all of it at the end, so that a sample that runs its full length
 * loses little. An interval at this error is right at whichever look one stops.
 *
 * @param look units in the sample so far, `last` when it is complete.
 * @see O'Brien and Fleming 1979, Biometrics 35:549; for t in place of z by its tail: Jennison and Turnbull 2000, section 4.4.
 */
export function errorAtLook(look: number, last: number): number {
  const [, constant] = CONSTANTS.find(([looks]) => last <= looks) as readonly [number, number]
  const z = constant * Math.sqrt(last / look)
  return Math.max(0, 1 - errorFunction(z / Math.SQRT2))
}
