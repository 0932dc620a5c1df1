import {addDims, type Dim, exactDivDims, mulDims} from '../../ir/dim.js'
import type {Node} from '../../ir/node.js'
import type {Shape} from '../../ir/types.js'
import {headRanges, tieHeads} from '../attention/tie-heads.js'
import {knownProduct} from '../count.js'
import {type AxisTie, type InferContext, type Inferred, isRefusal, type OpSpec} from '../op-spec.js'
import {dtypeOf, operand, shapeOf} from '../operand.js'
import {record} from '../record.js'
import {ALREADY_QUANTIZED, KEPT_FLOAT} from '../slots.js'
import {tieAxes, tieRuns} from '../ties.js'
import {inMicrosoftDomain} from './contrib.js'

/** Attention: the projections of Q, K and V in one weight [H, 3 · hidden], then attention; also keys and values so far in one tensor. */
export const microsoftAttention = selfAttention({type: 'Attention', past: 4, quantize: KEPT_FLOAT})

/** QAttention: the same on 8-bit input and weight, with their scales and zero points; float result. */
export const qAttention = selfAttention({type: 'QAttention', past: 8, quantize: ALREADY_QUANTIZED})

function selfAttention({type, past, quantize}: {type: string; past: number; quantize: OpSpec['quantize']}): OpSpec {
  return inMicrosoftDomain(
    record({
      type,
      sinceOpset: 1,
      infer: (node) => inferSelfAttention(node, past),
      parameters: {weights: [1], biases: [2]},
      quantize,
      prune: isRefusal(quantize) && quantize === ALREADY_QUANTIZED ? quantize : (node) => tieSelfAttention(node, past),
      macs: (node) => selfAttentionMacs(node, past),
    }),
  )
}

interface Widths {
  readonly batch: Dim
  readonly steps: Dim
  /** Steps that are attended to: those of earlier runs too. */
  readonly total: Dim
  readonly queries: Dim
  readonly values: Dim
}

function widthsOf(node: Node, past: number): Widths {
  const [batch, steps] = shapeOf(node.inputs[0]) ?? []
  const third = exactDivDims(shapeOf(node.inputs[1])?.[1], 3)
  const [queries, , values] = node.ints('qkv_hidden_sizes', []) as readonly (number | undefined)[]
  const before = node.inputs[past] ? shapeOf(node.inputs[past])?.[3] : 0
  return {batch, steps, total: addDims(before, steps), queries: queries ?? third, values: values ?? third}
}

function inferSelfAttention(node: Node, past: number): readonly Inferred[] {
  const {batch, steps, total, queries, values} = widthsOf(node, past)
  const heads = node.int('num_heads', undefined)
  // the bias is float in both forms, the input of QAttention is not
  const dtype = dtypeOf(node.inputs[2]) ?? dtypeOf(node.inputs[0])
  const isShared = node.int('past_present_share_buffer', 0) === 1
  const present: Shape = [2, batch, heads, isShared ? undefined : total, exactDivDims(queries, heads)]
  return [
    {dtype, shape: [batch, steps, values]},
    {dtype, shape: present},
  ]
}

/** The projections, Q · Kᵀ and P · V. */
function selfAttentionMacs(node: Node, past: number): number | undefined {
  const {batch, steps, total, queries, values} = widthsOf(node, past)
  const projections = knownProduct([batch, steps, mulDims(...(shapeOf(node.inputs[1]) ?? [undefined]))])
  const products = knownProduct([batch, steps, total, addDims(queries, values)])
  return projections === undefined || products === undefined ? undefined : projections + products
}

/** GroupQueryAttention: several query heads per key head, one step after another; Q alone may hold Q, K and V. */
export const groupQueryAttention = inMicrosoftDomain(
  record({
    type: 'GroupQueryAttention',
    sinceOpset: 1,
    infer: inferGroupQuery,
    quantize: KEPT_FLOAT,
    prune: tieGroupQuery,
    macs: groupQueryMacs,
  }),
)

function inferGroupQuery(node: Node, ctx: InferContext): readonly Inferred[] {
  const {dtype, shape} = operand(node, 0)
  const {heads, pairs, size} = groupsOf(node)
  // a cache that is shared keeps its length, one that grows does not: nothing in the graph tells them apart
  const total = node.inputs[3] ? undefined : ctx.contentsOf(node.inputs[6])?.[0]
  const present = {dtype: dtypeOf(node.inputs[3]) ?? dtype, shape: [shape?.[0], pairs, total, size]}
  return [{dtype, shape: shape && [shape[0], shape[1], mulDims(heads, size)]}, present, present]
}

function groupsOf(node: Node): {heads: Dim; pairs: Dim; size: Dim} {
  const [heads, pairs] = [node.int('num_heads', undefined), node.int('kv_num_heads', undefined)]
  const isPacked = node.inputs[1] === undefined
  return {
    heads,
    pairs,
    size: exactDivDims(shapeOf(node.inputs[0])?.[2], isPacked ? addDims(heads, pairs, pairs) : heads),
  }
}

/** Q · Kᵀ and P · V of a prompt; with a cache only the data tells how many steps are attended to. */
function groupQueryMacs(node: Node): number | undefined {
  if (node.inputs[3]) return undefined
  const [batch, steps] = shapeOf(node.inputs[0]) ?? []
  const {heads, size} = groupsOf(node)
  return knownProduct([batch, steps, steps, heads, mulDims(size, 2)])
}

/** A head is a run in each third of the weight and its bias, and a run of the output. */
function tieSelfAttention(node: Node, past: number): AxisTie[] {
  const [x, weight, bias] = node.inputs
  const [y, present] = node.outputs
  const heads = node.int('num_heads', undefined)
  const {queries, values} = widthsOf(node, past)
  if (typeof heads !== 'number' || typeof queries !== 'number' || typeof values !== 'number') return []
  const widths = [queries, queries, values]
  const members = [
    ...headRanges(weight, 1, heads, widths),
    ...headRanges(bias, 0, heads, widths),
    {value: y, axis: 2, each: values / heads},
    {value: node.inputs[past], axis: 2},
    {value: node.inputs[past + 1], axis: 1},
    {value: present, axis: 2},
  ]
  return [
    ...tieAxes([
      [x, 2],
      [weight, 0],
    ]),
    ...tieRuns(heads, members, {kind: 'head'}),
  ]
}

/** A key head goes with all query heads that read it. */
function tieGroupQuery(node: Node): AxisTie[] {
  const [q, k, v, pastKeys, pastValues] = node.inputs
  const {heads, pairs, size} = groupsOf(node)
  if (typeof heads !== 'number' || typeof pairs !== 'number' || typeof size !== 'number') return []
  if (k) return tieHeads(pairs, [q, k, v, pastKeys, pastValues, ...node.outputs])
  const [tie] = tieHeads(pairs, [pastKeys, pastValues, ...node.outputs])
  const packed = headRanges(q, 2, pairs, [heads * size, pairs * size, pairs * size])
  return tie ? [{...tie, members: [...tie.members, ...packed]}] : []
}
