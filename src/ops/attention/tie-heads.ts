import type {Node} from '../../ir/node.js'
import type {Value} from '../../ir/value.js'
import type {AxisTie, TieMember} from '../op-spec.js'
import {shapeOf} from '../operand.js'
import {sizeOf, tieRuns} from '../ties.js'

const HEAD = {kind: 'head'} as const

/**
 * Attention with Q, K and V apart: a head is a run of the last axis of [N, T, heads · size], or an index of axis 1 of [N, heads, T, size].
 * Where several query heads read one key head, all of them go with it.
 *
 * @param values what holds heads; a tensor of rank 5, [N, T, heads, 2 or 3, size], has them on axis 2.
 * @param pairs heads of keys and values.
 */
export function tieHeads(pairs: number | undefined, values: readonly (Value | undefined)[]): AxisTie[] {
  return pairs === undefined
    ? []
    : tieRuns(
        pairs,
        values.flatMap((value) => headMember(value, pairs)),
        HEAD,
      )
}

const AXIS_BY_RANK: Readonly<Record<number, number>> = {3: 2, 4: 1, 5: 2}

function headMember(value: Value | undefined, pairs: number): TieMember[] {
  const axis = AXIS_BY_RANK[shapeOf(value)?.length ?? 0]
  const size = axis === undefined ? undefined : sizeOf(value, axis)
  return value && axis !== undefined && size !== undefined ? [{value, axis, each: size / pairs}] : []
}

/** Ranges of one axis that hold heads one behind the other, such as Q, K and V in one weight. @param widths of the ranges, in order. */
export function headRanges(
  value: Value | undefined,
  axis: number,
  heads: number,
  widths: readonly number[],
): TieMember[] {
  let offset = 0
  return widths.flatMap((width) => {
    const member = value ? [{value, axis, offset, each: width / heads}] : []
    offset += width
    return member
  })
}

/** RotaryEmbedding: heads are on axis 1, or runs of the last axis where an attribute counts them. */
export function tieRotated(node: Node): AxisTie[] {
  const [x] = node.inputs
  const heads = shapeOf(x)?.length === 4 ? sizeOf(x, 1) : node.int('num_heads', undefined) || undefined
  return tieHeads(heads, [x, node.outputs[0]])
}
