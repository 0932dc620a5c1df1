import type {Node} from '../ir/node.js'
import {onlyNumber} from '../ir/only-number.js'
import type {Value} from '../ir/value.js'

/** What a value went through last: the activation behind it, or the layer where there is none. */
export type Tail =
  | 'softmax'
  | 'sigmoid'
  /** A product of probabilities. */
  | 'probability'
  /** Probabilities, but 0 where a neighbour has a larger one. */
  | 'peaks'
  /** Rows of length 1. */
  | 'unit length'
  | 'normalized'
  | 'pooled'
  | 'bounded'
  | 'recurrent state'
  /** Rows of sample, class and place. */
  | 'selection'
  | 'other'

/** A part of a value that was put together of several, along one axis. */
export interface Part {
  readonly tail: Tail
  /** Sizes along that axis; undefined when not known. */
  readonly size: number | undefined
}

/** Operators that hand numbers on, moved at most. */
const MOVES: ReadonlySet<string> = new Set([
  ...['Identity', 'Cast', 'Reshape', 'Transpose', 'Squeeze', 'Unsqueeze', 'Flatten', 'Slice', 'Gather', 'Split'],
  ...['DequantizeLinear', 'QuantizeLinear', 'Expand', 'Pad', 'Resize', 'Dropout'],
])

/** By operator. A file may name one `toString`: no plain lookups. */
const ACTIVATIONS: ReadonlyMap<string, Tail> = new Map<string, Tail>(
  Object.entries({
    Softmax: 'softmax',
    LogSoftmax: 'softmax',
    Sigmoid: 'sigmoid',
    HardSigmoid: 'sigmoid',
    LpNormalization: 'unit length',
    LayerNormalization: 'normalized',
    SimplifiedLayerNormalization: 'normalized',
    SkipLayerNormalization: 'normalized',
    SkipSimplifiedLayerNormalization: 'normalized',
    BatchNormalization: 'normalized',
    RMSNormalization: 'normalized',
    NonMaxSuppression: 'selection',
    Tanh: 'bounded',
    Relu: 'bounded',
  } as const),
)

/** Averages and maxima. */
const POOLS: ReadonlySet<string> = new Set([
  ...['GlobalAveragePool', 'GlobalMaxPool', 'AveragePool', 'MaxPool', 'ReduceMean', 'ReduceMax', 'ReduceMin'],
  ...['TopK', 'Max', 'Min', 'Mean'],
])

/** Probabilities of any kind. */
export const PROBABILITIES: ReadonlySet<Tail> = new Set<Tail>(['softmax', 'sigmoid', 'probability', 'peaks'])

const RECURRENT: ReadonlySet<string> = new Set(['LSTM', 'GRU', 'RNN'])
const MOST_STEPS = 64

export function tailOf(value: Value, steps = MOST_STEPS): Tail {
  const node = value.producer
  if (!node || steps === 0) return 'other'
  const rest = (input: Value | undefined) => (input ? tailOf(input, steps - 1) : 'other')
  if (RECURRENT.has(node.opType)) return node.outputs.indexOf(value) > 0 ? 'recurrent state' : 'other'
  const known = node.domain === '' || node.domain === 'com.microsoft' ? ACTIVATIONS.get(node.opType) : undefined
  if (known) return known
  if (MOVES.has(node.opType)) return rest(node.inputs[0])
  if (POOLS.has(node.opType)) return pooledTail(rest(node.inputs[0]))
  if (node.opType === 'If') return same(node.subgraphs.map(({outputs}) => rest(outputs[node.outputs.indexOf(value)])))
  if (node.opType === 'Concat') return same(node.inputs.map(rest))
  if (node.opType === 'Mul') return productTail(node, rest)
  if (node.opType === 'Div') return isLength(node.inputs[1]) ? 'unit length' : 'other'
  if (node.opType === 'Add') return isScaledNorm(node) ? 'normalized' : 'other'
  return 'other'
}

/** What a value was put together of, when not all of it is alike; undefined when it was not. */
export function partsOf(value: Value): readonly Part[] | undefined {
  const node = value.producer
  if (!node) return undefined
  if (MOVES.has(node.opType) && node.inputs[0]) return partsOf(node.inputs[0])
  if (node.opType !== 'Concat') return undefined
  const parts = node.inputs.flatMap((input) => {
    const shape = input?.type?.kind === 'tensor' ? input.type.shape : undefined
    const size = shape?.at(node.int('axis', 0))
    return input ? [{tail: tailOf(input), size: typeof size === 'number' ? size : undefined, input}] : []
  })
  const tails = new Set(parts.map(({tail}) => tail))
  if (tails.size > 1) return parts.map(({tail, size}) => ({tail, size}))
  // scales of a detector, one behind the other: each is put together in the same way
  return parts[0] && partsOf(parts[0].input)
}

/** The mean or the largest of probabilities is one that stands by itself. */
function pooledTail(tail: Tail): Tail {
  return PROBABILITIES.has(tail) ? 'sigmoid' : 'pooled'
}

function same(tails: readonly Tail[]): Tail {
  const [first = 'other'] = tails
  return tails.every((tail) => tail === first) ? first : 'other'
}

/** Probabilities times probabilities are some; times yes and no, that they are the largest nearby; times one number they are scaled. */
function productTail(node: Node, rest: (input: Value | undefined) => Tail): Tail {
  const factors = node.inputs.filter((input) => !input?.constant)
  const tails = factors.map(rest)
  const isSure = tails.filter((tail) => PROBABILITIES.has(tail)).length
  if (factors.length === 2 && isSure === 2) return 'probability'
  if (factors.length === 2 && isSure === 1 && factors.some(isComparison)) return 'peaks'
  return factors.length === 1 && onlyNumber(node.inputs.find((input) => input?.constant)) === 1
    ? (tails[0] ?? 'other')
    : 'other'
}

const COMPARISONS: ReadonlySet<string> = new Set(['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Not'])

/** 1 and 0 out of a comparison. */
function isComparison(value: Value | undefined): boolean {
  const node = value?.producer
  if (!node) return false
  return COMPARISONS.has(node.opType) || (node.opType === 'Cast' && isComparison(node.inputs[0]))
}

/** The length of rows, kept from 0. */
function isLength(value: Value | undefined): boolean {
  const node = value?.producer
  if (!node) return false
  if (node.opType === 'ReduceL2') return true
  if (node.opType === 'Sqrt') return node.inputs[0]?.producer?.opType === 'ReduceSum' || isLength(node.inputs[0])
  return ['Clip', 'Max', 'Expand', 'Add', 'Unsqueeze'].includes(node.opType) && isLength(node.inputs[0])
}

/** The end of a LayerNormalization that was exported operator by operator: `Add(Mul(Div(…), scale), bias)`. */
function isScaledNorm({inputs}: Node): boolean {
  if (!inputs.some((input) => input?.constant)) return false
  const scaled = inputs.find((input) => !input?.constant)?.producer
  if (scaled?.opType !== 'Mul' || !scaled.inputs.some((input) => input?.constant)) return false
  return scaled.inputs.find((input) => !input?.constant)?.producer?.opType === 'Div'
}
