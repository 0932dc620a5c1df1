/** What a group costs the answers by how many of its units are gone, and how many may go. */
export interface Curve {
  readonly size: number
  /** Units that go at a time. */
  readonly step: number
  /** Measured: units gone, and the error then; ascending. No units gone is no error. */
  readonly points: readonly (readonly [gone: number, error: number])[]
}

/** Steps of a group are joined until there are no more than these, so that large groups do not take long. */
const MOST_STEPS = 24

/**
 * How many units go of each group: one step after the other of the group whose error grows least for what the step saves, until the cost is
 * reached or nothing more can go. Errors are taken to add up; where they do more than that, as they do when much goes, raise them to a power first
 * (`sharpened`).
 *
 * @param costOf what the model costs when so many units are gone of each group, in the order of the curves.
 * @returns units that go, per curve; never more than were measured.
 */
export function allocate(
  curves: readonly Curve[],
  costOf: (gone: readonly number[]) => number,
  target: number,
): number[] {
  const gone = curves.map(() => 0)
  const steps = curves.map(stepsOf)
  let cost = costOf(gone)
  while (cost > target) {
    let best: {index: number; to: number; price: number; cost: number} | undefined
    for (const [index, curve] of curves.entries()) {
      const [from, to] = [gone[index] as number, (gone[index] as number) + (steps[index] as number)]
      if (to > (curve.points.at(-1)?.[0] ?? 0)) continue
      const after = costOf(gone.with(index, to))
      if (after >= cost) continue
      // what is saved beyond the target is worth nothing
      const price = (errorAt(curve, to) - errorAt(curve, from)) / Math.min(cost - after, cost - target)
      if (!best || price < best.price) best = {index, to, price, cost: after}
    }
    if (!best) break
    gone[best.index] = best.to
    cost = best.cost
  }
  return putBack(curves, gone, steps, (now) => costOf(now) <= target)
}

/** Gives steps back that were not needed in the end, the one that does most harm first. */
function putBack(
  curves: readonly Curve[],
  gone: readonly number[],
  steps: readonly number[],
  holds: (gone: readonly number[]) => boolean,
): number[] {
  const harm = (index: number, units: number) => errorAt(curves[index] as Curve, units)
  let best = [...gone]
  for (;;) {
    const options = best.flatMap((units, index) => {
      const less = best.with(index, units - (steps[index] as number))
      if (units === 0 || !holds(less)) return []
      return [{less, gain: harm(index, units) - harm(index, less[index] as number)}]
    })
    const [first] = options.sort((a, b) => b.gain - a.gain)
    if (!first) return best
    best = first.less
  }
}

/** Curves that rise more steeply: the more convex they are, the more evenly groups are made smaller. */
export function sharpened(curves: readonly Curve[], power: number): Curve[] {
  return curves.map((curve) => ({
    ...curve,
    points: curve.points.map(([gone, error]) => [gone, error ** power] as const),
  }))
}

function stepsOf({size, step}: Curve): number {
  return step * Math.max(1, Math.ceil(size / step / MOST_STEPS))
}

/** Between measured points on a straight line in the logarithm of the error, which grows by powers. */
export function errorAt({points}: Curve, gone: number): number {
  if (gone === 0) return 0
  const known = points.filter(([, error]) => error > 0)
  const [first] = known
  if (!first) return 0
  const above = known.find(([at]) => at >= gone)
  const low = known.findLast(([at]) => at < gone)
  // errors of a part of the units grow about as the square of what goes
  if (!low) return first[1] * (gone / first[0]) ** 2
  if (!above) return low[1] * (gone / low[0]) ** 2
  const share = (gone - low[0]) / (above[0] - low[0])
  return Math.exp((1 - share) * Math.log(low[1]) + share * Math.log(above[1]))
}
