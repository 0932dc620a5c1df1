/** Spearman's correlation of pairs; ties share the mean of their ranks. */
export function spearman(pairs: readonly (readonly [number, number])[]): number {
  const ranks = ([0, 1] as const).map((side) => {
    const sorted = pairs.map((pair, i) => [pair[side], i] as const).sort((a, b) => a[0] - b[0])
    const rank = new Array<number>(pairs.length)
    for (let from = 0, to = 0; from < sorted.length; from = to) {
      while (to < sorted.length && sorted[to]?.[0] === sorted[from]?.[0]) to++
      for (let i = from; i < to; i++) rank[sorted[i]?.[1] ?? 0] = (from + to - 1) / 2
    }
    return rank
  })
  const [a = [], b = []] = ranks
  const mean = (pairs.length - 1) / 2
  const product = (x: number[], y: number[]) =>
    x.reduce((sum, value, i) => sum + (value - mean) * ((y[i] as number) - mean), 0)
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b))
}
