import {GraphBuilder} from '../../../ir/build.js'
import type {Node} from '../../../ir/node.js'
import {elementCount, float32, readFloat32, type Tensor} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import type {LinearFit} from './least-squares.js'

/** A product with a constant weight, as a linear fit sees it: every result is a sum over inputs, alike in every group. */
export interface ProductLayout {
  /** Of a convolution; 1 of others. */
  readonly groups: number
  /** Per group. */
  readonly inputs: number
  readonly targets: number
  /** Of a convolution; undefined of products of rows. */
  readonly kernel: readonly number[] | undefined
  /** Whether the weight is `[targets, inputs]`, as a convolution's is. */
  readonly isTurned: boolean
}

const WEIGHT = 1

/** undefined for nodes that are no such product, or whose weight is not float32. */
export function productLayout(node: Node): ProductLayout | undefined {
  const weight = node.inputs[WEIGHT]?.constant
  if (node.domain !== '' || weight?.dtype !== 'float32') return undefined
  const {shape} = weight
  const [first = 1, second = 1, ...kernel] = shape
  if (node.opType === 'Conv') {
    const groups = node.int('group', 1)
    return {groups, inputs: second * elementCount(kernel), targets: first / groups, kernel, isTurned: true}
  }
  if (shape.length !== 2) return undefined
  const plain = {groups: 1, kernel: undefined}
  if (node.opType === 'MatMul') return {...plain, inputs: first, targets: second, isTurned: false}
  if (node.opType !== 'Gemm' || node.int('transA', 0) === 1) return undefined
  if (node.float('alpha', 1) !== 1 || node.float('beta', 1) !== 1) return undefined
  const isTurned = node.int('transB', 0) === 1
  return {...plain, inputs: isTurned ? second : first, targets: isTurned ? first : second, isTurned}
}

/** The weight of a product of one group as a fit has it, `[inputs, targets]`. */
export function weightOf(node: Node, {inputs, targets, isTurned}: ProductLayout): Float64Array {
  const data = readFloat32(node.inputs[WEIGHT]?.constant as Tensor)
  if (!isTurned) return Float64Array.from(data)
  const weights = new Float64Array(inputs * targets)
  for (let t = 0; t < targets; t++) {
    for (let i = 0; i < inputs; i++) weights[i * targets + t] = data[t * inputs + i] as number
  }
  return weights
}

/**
 * Writes fits into a product, in place.
 *
 * @param fits one per group; undefined leaves a group's weights as they are, and its bias.
 */
export function setFits(node: Node, layout: ProductLayout, fits: readonly (LinearFit | undefined)[]): void {
  const {inputs, targets, isTurned} = layout
  const value = node.inputs[WEIGHT] as Value
  const before = value.constant as Tensor
  const data = Float32Array.from(readFloat32(before))
  fits.forEach((fit, group) => {
    if (!fit) return
    const start = group * inputs * targets
    for (let i = 0; i < inputs; i++) {
      for (let t = 0; t < targets; t++) {
        const at = isTurned ? t * inputs + i : i * targets + t
        data[start + at] = fit.weights[i * targets + t] as number
      }
    }
  })
  replaceConstant(node, WEIGHT, float32(data, before.shape))
  setBias(node, layout, fits)
}

function setBias(node: Node, {groups, targets}: ProductLayout, fits: readonly (LinearFit | undefined)[]): void {
  const place = biasPlace(node)
  const old = place?.node.inputs[place.slot]?.constant
  const size = groups * targets
  const known = old ? readFloat32(old) : new Float32Array(1)
  const bias = Float32Array.from({length: size}, (_, c) => known[known.length === 1 ? 0 : c] as number)
  fits.forEach((fit, group) => {
    fit?.intercept.forEach((value, t) => {
      const at = group * targets + t
      // of an Add behind it, the fit was of what comes before
      bias[at] = place?.isBehind ? (bias[at] as number) + value : value
    })
  })
  if (place) {
    const shape = old && old.shape.length > 1 && elementCount(old.shape) === size ? old.shape : [size]
    replaceConstant(place.node, place.slot, float32(bias, shape))
    return
  }
  const [result] = node.outputs
  const next = node.graph.nextOf(node)
  if (!result) return
  const build = new GraphBuilder(node.graph, next ? {before: next} : {})
  const readers = [...result.uses]
  const sum = build.op('Add', [result, build.floats(bias, [size])])
  sum.type = result.type
  for (const use of readers) if ('node' in use) use.node.graph.setInput(use.node, use.index, sum)
}

interface BiasPlace {
  readonly node: Node
  readonly slot: number
  /** In an Add of its own. */
  readonly isBehind: boolean
}

/** Where a product's bias is, or may be; undefined where an Add has to be written. */
function biasPlace(node: Node): BiasPlace | undefined {
  if (node.opType !== 'MatMul') return {node, slot: 2, isBehind: false}
  const [result] = node.outputs
  const [reader, ...more] = result?.consumers ?? []
  if (reader?.opType !== 'Add' || more.length > 0 || result?.isOutput) return undefined
  const slot = reader.inputs[0] === result ? 1 : 0
  const constant = reader.inputs[slot]?.constant
  const width = node.inputs[WEIGHT]?.constant?.shape[1]
  const isOfTargets =
    constant?.dtype === 'float32' && constant.shape.at(-1) === width && elementCount(constant.shape) === width
  return isOfTargets ? {node: reader, slot, isBehind: true} : undefined
}

/** A constant for this node alone: others may read the one from before. */
function replaceConstant(node: Node, slot: number, tensor: Tensor): void {
  const before = node.inputs[slot]
  if (before?.constant && before.uses.size === 1) before.graph.setConstant(before, tensor)
  else node.graph.setInput(node, slot, node.graph.constant(tensor, before?.name ?? `${node.name}_bias`))
}
