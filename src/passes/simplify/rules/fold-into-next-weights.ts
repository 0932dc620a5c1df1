import type {Node} from '../../../ir/node.js'
import {readFloat32} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import type {Pass} from '../../pass.js'
import {endsFusedPattern} from '../fused-by-runtime.js'
import {nodeRule, type Outcome} from '../node-rule.js'
import {AFFINE_TYPES, type Affine, type AffineNode, affineNode} from '../patterns/affine.js'
import {biasOf, type Product, productFrom, setBias} from '../patterns/product.js'
import {scaledWeight} from '../patterns/scaled-weight.js'
import {isPadded} from '../patterns/window-pads.js'

/**
 * Folds BatchNormalization, and Mul, Div, Add, Sub by a constant per channel, into the Conv, ConvTranspose, Gemm or MatMul behind
 * them: `W(x·s + t) + b = (W·s)x + (Wt + b)`. An offset needs a Conv without padding: the zeros around the data are not moved by it.
 */
export const foldIntoNextWeights: Pass = nodeRule({name: 'fold-into-next-weights', types: AFFINE_TYPES, attempt})

function attempt(node: Node): Outcome {
  const affine = affineNode(node)
  const result = node.outputs[0]
  if (!affine || !result || endsFusedPattern(node)) return undefined
  const product = productFrom(result)
  if (!product) return undefined
  const along = plan(affine, result, product)
  if (typeof along === 'string') return along
  const bias = along.shift && movedBias(product, along.shift)
  if (typeof bias === 'string') return bias
  rewrite(affine, result, product, {...along, bias})
  return {to: product.node.name}
}

function plan(affine: AffineNode, result: Value, product: Product): Affine | string {
  const {opType, graph} = product.node
  if (graph !== affine.node.graph) return `the ${opType} is inside a branch`
  if (result.uses.size > 1) return result.isOutput ? 'it is a graph output' : `the ${opType} is not its only consumer`
  if (product.weight.uses.size > 1) return 'the weight is shared with other nodes'
  const along = affine.along(product.inputPlace)
  return typeof along === 'string' || !along.shift ? along : (whyNoShift(product) ?? along)
}

function whyNoShift({node, biasAt}: Product): string | undefined {
  if (node.opType === 'ConvTranspose') return 'an offset does not reach every output of a ConvTranspose equally'
  if (node.opType === 'Conv' && isPadded(node)) return 'the Conv pads with zeros that the offset does not move'
  return biasAt ? undefined : 'the MatMul has no bias'
}

/** `b + α·W·t`, one number per output channel, or why the bias is not one number per channel. */
function movedBias(product: Product, shift: Float64Array): Float64Array | string {
  const bias = biasOf(product)
  const {weight, inputs, outputs, node} = product
  if (typeof bias === 'string' || !weight.constant) return bias
  if (weight.constant.shape.length > 2 && node.opType === 'MatMul') return 'its weight is a batch of matrices'
  const alpha = node.float('alpha', 1)
  const moved = Float64Array.from(bias)
  readFloat32(weight.constant).forEach((factor, index) => {
    const from = inputs.channelOf(Math.floor(index / inputs.inner))
    const to = outputs.channelOf(Math.floor(index / outputs.inner))
    moved[to] = (moved[to] as number) + alpha * factor * (shift[from] as number)
  })
  return moved
}

function rewrite(
  {node, data}: AffineNode,
  result: Value,
  product: Product,
  {scale, bias}: Affine & {bias?: Float64Array | undefined},
): void {
  const {graph} = node
  const {weight} = product
  // the bias comes first: it was computed from the weight as it is
  if (bias) setBias(product, bias)
  if (scale && weight.constant) graph.setConstant(weight, scaledWeight(weight.constant, product.inputs, scale))
  graph.replaceUses(result, data)
  graph.remove(node)
}
