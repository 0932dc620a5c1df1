/** Halvings of the angle: past the 52 bits of a double nothing moves. */
const HALVINGS = 60

/**
 * The factor of a two-sided interval: the point that Student's t passes, on either side, with probability `error`.
 *
 * @param degreesOfFreedom whole; samples − 1. Under 1 there is no interval and the factor is infinite.
 * @param error 0.05 for a 95 % interval.
 * @returns within 1e-6 of scipy's `stats.t.ppf(1 - error / 2, df)`.
 */
export function tFactor(degreesOfFreedom: number, error = 0.05): number {
  if (degreesOfFreedom < 1) return Number.POSITIVE_INFINITY
  let [low, high] = [0, Math.PI / 2]
  for (let i = 0; i < HALVINGS; i++) {
    const angle = (low + high) / 2
    if (within(angle, degreesOfFreedom) < 1 - error) low = angle
    else high = angle
  }
  return Math.sqrt(degreesOfFreedom) * Math.tan((low + high) / 2)
}

/** P(|t| < √df·tan(angle)): a finite sum for whole degrees of freedom. @see Abramowitz and Stegun 26.7.3 and 26.7.4. */
function within(angle: number, degreesOfFreedom: number): number {
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)]
  const isOdd = degreesOfFreedom % 2 === 1
  let term = isOdd ? cosine : 1
  let sum = degreesOfFreedom === 1 ? 0 : term
  for (let power = isOdd ? 3 : 2; power <= degreesOfFreedom - 2; power += 2) {
    term *= ((power - 1) / power) * cosine ** 2
    sum += term
  }
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum
}
