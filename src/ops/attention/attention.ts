import {addDims, type Dim, exactDivDims, mulDims} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import type {Shape} from '../../ir/types.js'
import {knownProduct} from '../count.js'
import type {AxisTie, Inferred} from '../op-spec.js'
import {operand, shapeOf} from '../operand.js'
import {record} from '../record.js'
import {KEPT_FLOAT} from '../slots.js'
import {tieHeads} from './tie-heads.js'

/**
 * Attention: softmax(Q · Kᵀ) · V per head, on [N, heads, T, size] or [N, T, heads · size], with keys and values of earlier steps.
 * Outputs: Y, the keys and values so far, and the products in front of the softmax. ONNX Attention-23, 24.
 */
export const attention = record({
  type: 'Attention',
  sinceOpset: 23,
  infer: inferAttention,
  quantize: KEPT_FLOAT,
  prune: tieAttention,
  macs: attentionMacs,
})

interface Heads {
  readonly batch: Dim
  readonly count: Dim
  readonly length: Dim
  readonly size: Dim
}

function inferAttention(node: Node): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  const {query, key, value, total} = headsOf(node)
  // Y has the rank of Q, the caches are always split by heads
  const isPacked = shape?.length === 3
  const whole: Shape = isPacked
    ? [query.batch, query.length, mulDims(query.count, value.size)]
    : [query.batch, query.count, query.length, value.size]
  return [
    {dtype, shape: shape && whole},
    {dtype: operand(node, 1).dtype, shape: [key.batch, key.count, total, key.size]},
    {dtype: operand(node, 2).dtype, shape: [value.batch, value.count, total, value.size]},
    {dtype, shape: [query.batch, query.count, query.length, total]},
  ]
}

/** Sizes of Q, K and V head by head; `total` counts the keys of earlier steps. */
function headsOf(node: Node): {query: Heads; key: Heads; value: Heads; total: Dim} {
  const [queries, keys] = [node.int('q_num_heads', undefined), node.int('kv_num_heads', undefined)]
  const query = split(shapeOf(node.inputs[0]), queries)
  const [key, value] = [split(shapeOf(node.inputs[1]), keys), split(shapeOf(node.inputs[2]), keys)]
  const past = node.inputs[4] ? shapeOf(node.inputs[4])?.[2] : 0
  return {query, key, value, total: addDims(past, key.length)}
}

function split(shape: Shape | undefined, heads: number | undefined): Heads {
  if (!shape) return {batch: undefined, count: undefined, length: undefined, size: undefined}
  if (shape.length === 4) return {batch: shape[0], count: shape[1], length: shape[2], size: shape[3]}
  return {batch: shape[0], count: heads, length: shape[1], size: exactDivDims(shape[2], heads)}
}

/** Two products per query, key and head: Q · Kᵀ and P · V. */
function attentionMacs(node: Node): number | undefined {
  const {query, value, total} = headsOf(node)
  const size = addDims(query.size, value.size)
  return knownProduct([query.batch, query.count, query.length, total, size])
}

function tieAttention(node: Node): AxisTie[] {
  const [q, k, v, , pastKeys, pastValues] = node.inputs
  const {count} = headsOf(node).key
  return tieHeads(typeof count === 'number' ? count : undefined, [q, k, v, pastKeys, pastValues, ...node.outputs])
}
