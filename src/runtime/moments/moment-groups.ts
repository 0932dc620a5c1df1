import type {MeasuredTensor} from './moment-outputs.js'

/** Matrices of products that one pass over the data sums up, in float64. Two of 4,096 channels go into one. */
const PRODUCTS_BYTES = 256 * 2 ** 20

/** Tensors whose matrices fit into one pass, in order; one that does not alone has a pass of its own. */
export function momentGroups(tensors: readonly MeasuredTensor[]): MeasuredTensor[][] {
  const groups: MeasuredTensor[][] = []
  let left = 0
  for (const tensor of tensors) {
    const bytes = tensor.channels ** 2 * Float64Array.BYTES_PER_ELEMENT
    if (groups.length === 0 || bytes > left) {
      groups.push([])
      left = PRODUCTS_BYTES
    }
    groups.at(-1)?.push(tensor)
    left -= bytes
  }
  return groups
}
