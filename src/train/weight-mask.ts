/** 1 where a weight may move, 0 where it stays zero. */
export type WeightMask = Uint8Array

/**
 * The mask that keeps a pruned tensor pruned.
 *
 * @returns undefined for a tensor without zeros: there is nothing to hold.
 */
export function maskOfZeros(weight: Float32Array): WeightMask | undefined {
  const mask = Uint8Array.from(weight, (element) => (element === 0 ? 0 : 1))
  return mask.includes(0) ? mask : undefined
}

/** Sets what the mask holds back to zero, in place. After every update: moments and decay move weights without a gradient too. */
export function applyMask(weight: Float32Array, mask: WeightMask): void {
  for (let i = 0; i < weight.length; i++) if (mask[i] === 0) weight[i] = 0
}
