import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'
import type {Pass} from '../../pass.js'
import {endsFusedPattern} from '../fused-by-runtime.js'
import {nodeRule, type Outcome} from '../node-rule.js'
import {numberOperation} from '../patterns/number-operand.js'
import {biasOf, type Product, productOf, setBias} from '../patterns/product.js'
import {scaledWeight} from '../patterns/scaled-weight.js'
import {bypass} from '../redirect.js'

/** Operators that move or select elements of input 0: a factor passes through them. */
const MOVES: readonly string[] = [
  'Transpose',
  'Reshape',
  'Squeeze',
  'Unsqueeze',
  'Flatten',
  'Identity',
  'Slice',
  'Gather',
]

/**
 * Multiplication or division by one number moves back into the weight it came from, through moves of elements and through MatMul:
 * the `1/√d` of attention goes into the projection of the queries.
 */
export const foldScaleBackward: Pass = nodeRule({name: 'fold-scale-backward', types: ['Mul', 'Div'], attempt})

function attempt(node: Node): Outcome {
  const scaled = numberOperation(node)
  if (!scaled || (node.opType === 'Div' && scaled.slot !== 0) || endsFusedPattern(node)) return undefined
  const factor = node.opType === 'Div' ? 1 / scaled.number : scaled.number
  // zero would make the weight useless and hide where the zeros come from
  if (!Number.isFinite(factor) || factor === 0 || productOf(scaled.data.producer)) return undefined
  const product = sourceOf(scaled.data, node)
  const bias = product && scalableBias(product)
  if (!product || typeof bias === 'string') return undefined
  const reason = bypass(node, scaled.data)
  if (reason) return reason
  scale(product, bias, factor)
  return {to: product.node.name}
}

/** The product that alone decides the scale of a value, and of nothing else. */
function sourceOf(value: Value | undefined, reader: Node): Product | undefined {
  const node = value?.producer
  if (!value || !node || node.domain !== '' || value.uses.size !== 1 || node.graph !== reader.graph) return undefined
  const product = productOf(node)
  if (product) return product.weight.uses.size === 1 ? product : undefined
  if (MOVES.includes(node.opType)) return sourceOf(node.inputs[0], node)
  if (node.opType !== 'MatMul') return undefined
  return sourceOf(node.inputs[0], node) ?? sourceOf(node.inputs[1], node)
}

/** The bias that has to be scaled too; undefined without one, a reason when it cannot be. */
function scalableBias(product: Product): Float64Array | string | undefined {
  const {biasAt} = product
  return biasAt?.node.inputs[biasAt.slot] ? biasOf(product) : undefined
}

function scale(product: Product, bias: Float64Array | undefined, factor: number): void {
  const {weight, outputPlace, outputs, node} = product
  const factors = new Float64Array(outputPlace.channels).fill(factor)
  if (weight.constant) node.graph.setConstant(weight, scaledWeight(weight.constant, outputs, factors))
  if (bias)
    setBias(
      product,
      bias.map((number) => number * factor),
    )
}
