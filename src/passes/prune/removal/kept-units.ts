import type {Group} from '../../groups/group.js'
import type {GroupWeight} from '../../groups/group-weights.js'

/** A width that is no multiple of 4 leaves the blocked kernels of ONNX Runtime: up to three times slower (measured on AVX512). */
export const LEAST_STEP = 4

/**
 * How many units of a group go at a time, so that the width of its channels stays a multiple of `roundTo`. Heads go one by one.
 *
 * @param weights of the group.
 */
export function stepOf({kind}: Group, weights: readonly GroupWeight[], roundTo: number): number {
  if (kind === 'head') return 1
  const widths = weights.flatMap(({role, member}) => (role === 'writes' ? [widthOf(member.units)] : []))
  const width = Math.max(1, Math.min(...widths))
  return roundTo / greatestCommonDivisor(roundTo, Number.isFinite(width) ? width : 1)
}

/** Positions per unit on one axis. */
function widthOf(units: Int32Array): number {
  return units.reduce((count, unit) => count + Number(unit === 0), 0)
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

/** Units that stay when a share goes: the nearest number of whole steps, one at least, more where both are as near; all of them in a group of less than two steps. */
export function keptCount(size: number, sparsity: number, step: number): number {
  const steps = Math.max(1, Math.round((size * (1 - sparsity)) / step))
  return Math.min(size, steps * step)
}

/** The units with the highest scores, in their order; of equal ones the first. */
export function keptUnits(scores: Float64Array, count: number): number[] {
  const ranked = Array.from(scores.keys()).sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
  return ranked.slice(0, count).sort((a, b) => a - b)
}
