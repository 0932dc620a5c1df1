import type {Node} from '../../../ir/node.js'
import {float32, readFloat32} from '../../../ir/tensor.js'
import type {Value} from '../../../ir/value.js'
import {channelNumbers} from './channel-numbers.js'
import {type WeightedNode, weightedNode} from './weighted-node.js'

/** A weighted node together with its bias, which a MatMul has in an Add of its own. */
export interface Product extends WeightedNode {
  /** The node that gives the result: the weighted node, or the Add behind a MatMul. */
  readonly last: Node
  /** Where the bias stands or may stand; undefined for a MatMul without an Add. */
  readonly biasAt: {readonly node: Node; readonly slot: number} | undefined
}

/** The product whose result a node gives; undefined when it gives none. */
export function productOf(last: Node | undefined): Product | undefined {
  if (last?.opType === 'Add') return biasedMatMul(last)
  const weighted = weightedNode(last)
  if (!last || !weighted) return undefined
  const slot = weighted.biasSlot
  return {...weighted, last, biasAt: slot === undefined ? undefined : {node: last, slot}}
}

function biasedMatMul(add: Node): Product | undefined {
  const slot = add.inputs.findIndex((value) => value?.constant)
  const matMul = add.inputs[1 - slot]?.producer
  if (add.domain !== '' || slot < 0 || matMul?.opType !== 'MatMul' || matMul.outputs[0]?.uses.size !== 1)
    return undefined
  const weighted = weightedNode(matMul)
  if (!weighted || typeof channelNumbers(add.inputs[slot], weighted.outputPlace) === 'string') return undefined
  return {...weighted, last: add, biasAt: {node: add, slot}}
}

/** The product that a value is the data of, with the bias behind it where a MatMul has one. */
export function productFrom(data: Value): Product | undefined {
  const [consumer] = data.consumers
  const weighted = weightedNode(consumer)
  if (!weighted || weighted.node.inputs[0] !== data) return undefined
  const [next] = weighted.node.outputs[0]?.consumers ?? []
  const biased = weighted.node.opType === 'MatMul' && next ? productOf(next) : undefined
  return biased?.node === weighted.node ? biased : productOf(weighted.node)
}

/** The product's bias, β included: zeros where it has none; or why it is not one number per channel. */
export function biasOf({node, biasAt, outputPlace}: Product): Float64Array | string {
  const value = biasAt?.node.inputs[biasAt.slot]
  if (!value) return new Float64Array(outputPlace.channels)
  const place =
    node.opType === 'Gemm' ? outputPlace : {...outputPlace, rank: outputPlace.rank ?? outputPlace.axisFromEnd}
  const numbers = node.opType.startsWith('Conv') ? vector(value) : channelNumbers(value, place)
  if (typeof numbers === 'string') return 'its bias is not a constant with one number per channel'
  const beta = node.opType === 'Gemm' ? node.float('beta', 1) : 1
  return numbers.map((number) => number * beta)
}

function vector(value: Value): Float64Array | string {
  return value.constant?.dtype === 'float32' ? Float64Array.from(readFloat32(value.constant)) : 'no float32 constant'
}

/** Writes a bias `[channels]`, rounded to float32. The product must have a place for one. */
export function setBias({node, weight, biasAt}: Product, numbers: Float64Array): void {
  if (!biasAt) throw new Error(`'${node.name}' has no place for a bias`)
  const old = biasAt.node.inputs[biasAt.slot]
  const name = old?.name ?? `${weight.name}_bias`
  const {graph} = biasAt.node
  if (node.opType === 'Gemm') node.attributes.delete('beta')
  if (old && old.uses.size === 1) graph.setConstant(old, float32(numbers))
  else graph.setInput(biasAt.node, biasAt.slot, graph.constant(float32(numbers), name))
}
