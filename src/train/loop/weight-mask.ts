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

/**
 * Sets what the mask holds back to zero, in place. After every update: moments and decay move weights without a gradient too.
 * Bits are cleared rather than compared: a branch that nobody can foresee took three times as long (measured at half zeros).
 */
export function applyMask(weight: Float32Array, mask: WeightMask): void {
  const bits = new Int32Array(weight.buffer, weight.byteOffset, weight.length)
  for (let i = 0; i < bits.length; i++) bits[i] = (bits[i] as number) & -(mask[i] as number)
}
