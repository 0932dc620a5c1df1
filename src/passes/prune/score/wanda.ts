import type {Node} from '../../../ir/node.js'
import type {Tensor} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import type {Group, GroupMember} from '../../groups/group.js'
import {addShares, squaresByUnit} from '../removal/score-units.js'

/** Mean squares along one axis of a tensor, by the tensor's name. */
export type Energies = ReadonlyMap<string, ArrayLike<number>>

/** A product that reads a group: the axis of its input, and the one of its weight that goes along it. */
export interface Reader {
  readonly node: Node
  readonly input: GroupMember
  readonly weight: GroupMember
}

/** The products that read a group: convolutions that are no depthwise ones, and products with a matrix. */
export function readersOf({members, nodes}: Group): Reader[] {
  return [...nodes].flatMap((node): Reader[] => {
    const [x, w] = node.inputs
    const axes = inputAxes(node, w)
    if (!x || !w?.constant || !axes) return []
    const rank = x.type?.kind === 'tensor' ? (x.type.shape?.length ?? 0) : 0
    const at = (value: Value, axis: number) => members.find((one) => one.value === value && one.axis === axis)
    const [input, weight] = [at(x, axes.input < 0 ? axes.input + rank : axes.input), at(w, axes.weight)]
    return input && weight ? [{node, input, weight}] : []
  })
}

/** Which axis of a product's input is summed over, and which of its weight. */
function inputAxes(node: Node, weight: Value | undefined) {
  const rank = weight?.constant?.shape.length ?? 0
  if (node.domain !== '' || weight?.constant?.dtype !== 'float32') return undefined
  if (node.opType === 'Conv') return node.int('group', 1) === 1 ? {input: 1, weight: 1} : undefined
  if (rank !== 2) return undefined
  if (node.opType === 'MatMul') return {input: -1, weight: 0}
  return node.opType === 'Gemm' && node.int('transA', 0) === 0
    ? {input: 1, weight: node.int('transB', 0) === 1 ? 1 : 0}
    : undefined
}

/**
 * What each unit of a group contributes to the products that read it: `S = Σ_q a·|w|² ÷ Σ a·|w|²`, a the mean square of the unit in the
 * input of reader q, w its weights there; every reader counts alike. Without energies the weights alone.
 *
 * @returns `[size]`; all 0 where nothing reads the group.
 * @see Sun et al. 2023, arXiv:2306.11695, summed over what a structured removal takes away.
 */
export function wandaScores(group: Group, energies?: Energies): Float64Array {
  const scores = new Float64Array(group.size)
  for (const {input, weight} of readersOf(group)) {
    const energy = energies?.get(input.value.name)
    const factors = energy && ((index: number) => energy[input.start + index] ?? 0)
    addShares(scores, squaresByUnit(weight.value.constant as Tensor, weight, group.size, factors))
  }
  return scores
}
