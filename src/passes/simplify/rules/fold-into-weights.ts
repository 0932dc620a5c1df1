import type {Node} from '../../../ir/node.js'
import {float32} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import type {Pass} from '../../pass.js'
import {nodeRule, type Outcome} from '../node-rule.js'
import {AFFINE_TYPES, type Affine, type AffineNode, affineNode} from '../patterns/affine.js'
import {biasOf, type Product, productOf, setBias} from '../patterns/product.js'
import {scaledWeight} from '../patterns/scaled-weight.js'

/**
 * Folds what follows a Conv, ConvTranspose, Gemm or MatMul into its weight and bias: BatchNormalization, and Mul, Div, Add, Sub by
 * a constant per channel. `w' = w · s`, `b' = b · s + t`. Products are taken in double precision and rounded once.
 */
export const foldIntoWeights: Pass = nodeRule({
  name: 'fold-into-weights',
  types: AFFINE_TYPES,
  attempt: foldAffine,
})

function foldAffine(node: Node): Outcome {
  const affine = affineNode(node)
  if (!affine) return undefined
  const product = productOf(affine.data.producer)
  if (!product) return isNorm(node) ? 'it follows no Conv, Gemm or MatMul with constant weights' : undefined
  const planned = plan(affine, product)
  if (planned === undefined || typeof planned === 'string') return planned
  rewrite(affine, product, planned)
  return {to: product.node.name}
}

function isNorm(node: Node): boolean {
  return node.opType === 'BatchNormalization'
}

/** What becomes of the product: undefined when there is nothing to gain, a string says why it may not be. */
function plan(affine: AffineNode, product: Product): {scale?: Float64Array; bias?: Float64Array} | string | undefined {
  const {node, data} = affine
  const reason = whyApart(data, product, node)
  if (reason) return reason
  const along = affine.along(product.outputPlace)
  if (typeof along === 'string') return along
  // without a place for a bias an Add stays an Add; a BatchNormalization still shrinks to one
  if (along.shift && !product.biasAt && !isNorm(node)) return undefined
  if (along.scale && product.weight.uses.size > 1) return 'the weight is shared with other nodes'
  const bias = newBias(product, along)
  if (typeof bias === 'string') return bias
  return {...(along.scale && {scale: along.scale}), ...(bias && {bias})}
}

function whyApart(data: Value, product: Product, node: Node): string | undefined {
  const {last} = product
  if (last.graph !== node.graph) return `the ${last.opType} is outside its branch`
  if (data.isOutput) return `what it reads from the ${last.opType} is a graph output`
  return data.uses.size > 1 ? `the ${last.opType} has other consumers` : undefined
}

function newBias(product: Product, {scale, shift}: Affine): Float64Array | string | undefined {
  const slot = product.biasAt?.slot
  const hasBias = slot !== undefined && product.biasAt?.node.inputs[slot] !== undefined
  if (!shift && !hasBias) return undefined
  const old = biasOf(product)
  if (typeof old === 'string') return old
  return old.map((number, c) => number * (scale?.[c] ?? 1) + (shift?.[c] ?? 0))
}

function rewrite(
  {node, data, slot}: AffineNode,
  product: Product,
  {scale, bias}: {scale?: Float64Array; bias?: Float64Array},
): void {
  const {graph} = node
  const {weight, last} = product
  if (scale && weight.constant) graph.setConstant(weight, scaledWeight(weight.constant, product.outputs, scale))
  const result = node.outputs[0] as Value
  let giver = last
  if (bias && !product.biasAt) {
    const shift = graph.constant(float32(bias), `${weight.name}_bias`)
    giver = graph.insertBefore(node, {opType: 'Add', inputs: [data, shift]})
  } else if (bias) setBias(product, bias)
  graph.setInput(node, slot, undefined)
  graph.moveOutput(result, giver, 0)
  graph.remove(node)
}
