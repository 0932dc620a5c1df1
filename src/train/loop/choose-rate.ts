/** One learning rate that was tried. */
export interface TriedRate {
  readonly value: number
  /** Mean on the held-out samples after the short training; null where it was no number any more. */
  readonly loss: number | null
}

export interface RateChoice {
  readonly value: number
  /** In the order of the rates. */
  readonly tried: readonly TriedRate[]
}

export interface RateSearch {
  /** Ascending. */
  readonly rates: readonly number[]
  /** Place of the first one that is tried; the next is the second. */
  readonly start: number
  /** Weights that learned before are trained on: see `chooseRate`. */
  readonly isTrained: boolean
}

/**
 * What a large rate may cost in a short training of weights that learned before: it does damage at once, and has no time to repair it. A
 * share of the loss (measured: docs/decisions/0017-learning-rate.md).
 */
const REPAIRED = 0.05

/**
 * Walks to the learning rate whose short training ends with the lowest loss: from two in the middle towards the better one, until the
 * next is worse. The loss over the rate has one valley, so most rates need not be tried. Of two that are about as good the larger
 * one is taken for weights that learned before, whom a short training shows the damage of a large rate and not the repair, and the
 * smaller one for new weights, whose first steps are the faster the larger they are.
 *
 * @param trial losses of the batches after a short training at a rate, of the same batches for every rate.
 */
export async function chooseRate(
  {rates, start, isTrained}: RateSearch,
  trial: (rate: number) => Promise<readonly number[]>,
): Promise<RateChoice> {
  const tried = new Map<number, readonly number[]>()
  const lossesAt = async (index: number): Promise<readonly number[]> => {
    const losses = tried.get(index) ?? (await trial(rates[index] as number))
    tried.set(index, losses)
    return losses
  }
  const tolerance = isTrained ? REPAIRED : 0
  // whether a larger rate is taken in the place of the best one so far
  const isTaken = async (larger: number, best: number): Promise<boolean> => {
    const [higher, lower] = [await lossesAt(larger), await lossesAt(best)]
    return isTrained ? isSound(higher) && !isLower(lower, higher, tolerance) : isLower(higher, lower, tolerance)
  }
  let best = start
  let chosen = start
  for (let next = start + 1; next < rates.length && (await isTaken(next, best)); next++) {
    if (meanOf(await lossesAt(next)) < meanOf(await lossesAt(best))) best = next
    chosen = next
  }
  for (let next = start - 1; chosen === next + 1 && next >= 0; next--) {
    if (isLower(await lossesAt(next), await lossesAt(chosen), tolerance)) chosen = next
  }
  return {value: rates[chosen] as number, tried: inOrder(rates, tried)}
}

function inOrder(rates: readonly number[], tried: ReadonlyMap<number, readonly number[]>): TriedRate[] {
  return rates.flatMap((value, index) => {
    const losses = tried.get(index)
    return losses ? [{value, loss: isSound(losses) ? meanOf(losses) : null}] : []
  })
}

/**
 * Whether losses are lower than others, by more than a share of those and by more than the scatter of the difference from batch to
 * batch (one standard error). A loss that is no number is higher than any.
 */
function isLower(losses: readonly number[], than: readonly number[], share: number): boolean {
  if (!isSound(losses)) return false
  if (!isSound(than)) return true
  const differences = losses.map((loss, batch) => (than[batch] as number) - loss)
  const mean = meanOf(differences)
  const squares = differences.reduce((sum, difference) => sum + (difference - mean) ** 2, 0)
  const error = Math.sqrt(squares / Math.max(1, differences.length - 1) / differences.length)
  return mean > Math.max(error, share * meanOf(than))
}

function isSound(losses: readonly number[]): boolean {
  return losses.length > 0 && losses.every(Number.isFinite)
}

function meanOf(losses: readonly number[]): number {
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length
}
