import {elementCount, type Tensor} from '../../../ir/tensor.js'
import type {SpecOf} from '../../../ops/specs-of.js'
import type {Group, GroupMember} from '../../groups/group.js'
import {groupWeights} from '../../groups/group-weights.js'
import type {TiesOf} from '../../groups/node-ties.js'
import {readFloats} from '../stored-values.js'

/**
 * How much each unit of a group matters, in any scale of the group's own: the lowest go first.
 *
 * @returns a number per unit.
 */
export type ScoreUnits = (group: Group) => Float64Array | Promise<Float64Array>

/**
 * L2 norms without data: a unit's share of the squares of every weight that writes or reads it, each weight with the same say however large its
 * numbers are. Groups without float weights score 0 everywhere.
 */
export function scoreByNorm(specOf: SpecOf, ties: TiesOf): ScoreUnits {
  return (group) => {
    const scores = new Float64Array(group.size)
    for (const {node, slot, member} of groupWeights(group, specOf, ties)) {
      const tensor = node.inputs[slot]?.constant
      if (tensor?.dtype !== 'float32' && tensor?.dtype !== 'float16') continue
      addShares(scores, squaresByUnit(tensor, member, group.size))
    }
    return scores
  }
}

/**
 * Σ of squares of the slices of a weight, by the unit that each belongs to.
 *
 * @param size units of the group.
 * @param factors what each position of the member counts; all alike when absent.
 */
export function squaresByUnit(
  tensor: Tensor,
  {axis, start, units}: GroupMember,
  size: number,
  factors?: (index: number) => number,
): Float64Array {
  const values = readFloats(tensor)
  const [outer, length, inner] = [
    elementCount(tensor.shape.slice(0, axis)),
    tensor.shape[axis] ?? 0,
    elementCount(tensor.shape.slice(axis + 1)),
  ]
  const squares = new Float64Array(size)
  for (let o = 0; o < outer; o++) {
    for (let index = 0; index < units.length; index++) {
      const unit = units[index] as number
      if (unit < 0) continue
      const first = (o * length + start + index) * inner
      let sum = 0
      for (let i = first; i < first + inner; i++) sum += (values[i] as number) ** 2
      squares[unit] = (squares[unit] as number) + sum * (factors?.(index) ?? 1)
    }
  }
  return squares
}

/** Adds what each unit has of a sum: weights count alike, however large their numbers are. */
export function addShares(scores: Float64Array, squares: Float64Array): void {
  const total = squares.reduce((sum, one) => sum + one, 0)
  if (total <= 0) return
  for (let unit = 0; unit < scores.length; unit++) scores[unit] = (scores[unit] ?? 0) + (squares[unit] ?? 0) / total
}
