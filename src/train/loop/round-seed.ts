/** Different for every epoch, and the same whenever that epoch runs. */
export function roundSeed(seed: number, epoch: number): number {
  return (seed * 1_000_003 + epoch) | 0
}
