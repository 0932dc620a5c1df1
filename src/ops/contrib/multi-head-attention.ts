import {addDims, type Dim, exactDivDims, mulDims} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import {headRanges, tieHeads} from '../attention/tie-heads.js'
import {knownProduct} from '../count.js'
import type {AxisTie, Inferred} from '../op-spec.js'
import {operand, shapeOf} from '../operand.js'
import {record} from '../record.js'
import {KEPT_FLOAT} from '../slots.js'
import {inMicrosoftDomain} from './contrib.js'

/** MultiHeadAttention: Q[N, T, D], K and V apart or packed per head; also the keys and values so far. */
export const multiHeadAttention = inMicrosoftDomain(
  record({
    type: 'MultiHeadAttention',
    sinceOpset: 1,
    infer: inferMultiHead,
    parameters: {weights: [], biases: [3]},
    quantize: KEPT_FLOAT,
    prune: tieMultiHead,
    macs: multiHeadMacs,
  }),
)

interface Layout {
  readonly batch: Dim
  readonly steps: Dim
  readonly heads: Dim
  readonly size: Dim
  readonly valueSize: Dim
  readonly total: Dim
}

/** Ranks tell the layout: 5 is packed [N, T, heads, 2 or 3, size], 4 is [N, heads, T, size], 3 is [N, T, heads · size]. */
function layoutOf(node: Node): Layout {
  const [query, key, value] = [0, 1, 2].map((index) => shapeOf(node.inputs[index]))
  const heads = node.int('num_heads', undefined)
  const size = query?.length === 5 ? query[4] : exactDivDims(query?.[2], heads)
  const valueSize = value?.length === 4 ? value[3] : value ? exactDivDims(value[2], heads) : size
  const keySteps = key?.length === 4 ? key[2] : (key ?? (node.inputs[1] ? undefined : query))?.[1]
  const past = node.inputs[6] ? shapeOf(node.inputs[6])?.[2] : 0
  return {batch: query?.[0], steps: query?.[1], heads, size, valueSize, total: addDims(past, keySteps)}
}

function inferMultiHead(node: Node): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  const {batch, steps, heads, size, valueSize, total} = layoutOf(node)
  return [
    {dtype, shape: shape && [batch, steps, mulDims(heads, valueSize)]},
    {dtype, shape: [batch, heads, total, size]},
    {dtype, shape: [batch, heads, total, valueSize]},
    {dtype, shape: [batch, heads, steps, total]},
  ]
}

function multiHeadMacs(node: Node): number | undefined {
  const {batch, steps, heads, size, valueSize, total} = layoutOf(node)
  return knownProduct([batch, heads, steps, total, addDims(size, valueSize)])
}

/** The bias holds those of Q, K and V one behind the other. */
function tieMultiHead(node: Node): AxisTie[] {
  const [q, k, v, bias, , positions, ...past] = node.inputs
  const {heads, size, valueSize} = layoutOf(node)
  if (typeof heads !== 'number' || typeof size !== 'number' || typeof valueSize !== 'number') return []
  const widths = [size, size, valueSize].map((width) => width * heads)
  const [tie] = tieHeads(heads, [q, k, v, positions, ...past, ...node.outputs])
  return tie ? [{...tie, members: [...tie.members, ...headRanges(bias, 0, heads, widths)]}] : []
}
