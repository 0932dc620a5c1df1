import type {Node} from '../../../ir/node.js'
import {ownEntry} from '../../../ir/own-entry.js'
import type {Value} from '../../../ir/value.js'
import {type ChannelPlace, channelNumbers} from './channel-numbers.js'

/** `y = x · scale + shift` with one number per channel, double precision; an absent part is 1 or 0. */
export interface Affine {
  readonly scale?: Float64Array
  readonly shift?: Float64Array
}

/** A node that computes an affine function of one input by constants. */
export interface AffineNode {
  readonly node: Node
  readonly data: Value
  /** Input slot of the data. */
  readonly slot: number
  /** The function, channel by channel, or why it is not one of the channels at that place. */
  along(place: ChannelPlace): Affine | string
}

type Combine = (numbers: Float64Array, dataSlot: number) => Affine | string

/** Operators that can be affine functions. */
export const AFFINE_TYPES: readonly string[] = ['BatchNormalization', 'Mul', 'Div', 'Add', 'Sub']

const COMBINE: Readonly<Record<string, Combine>> = {
  Mul: (scale) => ({scale}),
  Add: (shift) => ({shift}),
  Sub: (numbers, slot) =>
    slot === 0 ? {shift: numbers.map((number) => -number)} : {scale: numbers.map(() => -1), shift: numbers},
  Div: (numbers, slot) => (slot === 0 ? {scale: numbers.map((number) => 1 / number)} : 'the data is its divisor'),
}

/**
 * Mul, Add, Sub and Div by a float32 constant, and BatchNormalization in inference mode with constant statistics, as affine functions;
 * undefined for every other node.
 */
export function affineNode(node: Node): AffineNode | undefined {
  if (node.domain !== '') return undefined
  if (node.opType === 'BatchNormalization') return batchNormalization(node)
  const combine = ownEntry(COMBINE, node.opType)
  const slot = node.inputs.findIndex((value) => value && !value.constant)
  const data = node.inputs[slot]
  const operand = node.inputs[1 - slot]
  // before opset 7 these operators broadcast by an attribute
  if (!combine || !data || operand?.constant?.dtype !== 'float32' || node.attributes.has('broadcast')) return undefined
  const along = (place: ChannelPlace) => {
    const numbers = channelNumbers(operand, place)
    return typeof numbers === 'string' ? numbers : finite(combine(numbers, slot))
  }
  return {node, data, slot, along}
}

/** `scale = γ/√(σ²+ε)`, `shift = β − μ·scale`. ONNX BatchNormalization-15, and those before it in inference mode. */
function batchNormalization(node: Node): AffineNode | undefined {
  const data = node.inputs[0]
  return data && {node, data, slot: 0, along: (place) => statistics(node, place)}
}

function statistics(node: Node, place: ChannelPlace): Affine | string {
  if (node.int('training_mode', 0) !== 0 || node.outputs.slice(1).some((value) => value?.uses.size)) {
    return 'it is in training mode'
  }
  if (place.rank === undefined || place.rank - place.axisFromEnd !== 1)
    return 'its channels are not those of the weight'
  const vector = {channels: place.channels, axisFromEnd: 1, rank: 1}
  const [gamma, beta, mean, variance] = node.inputs.slice(1).map((value) => channelNumbers(value, vector))
  if (!isNumbers(gamma) || !isNumbers(beta) || !isNumbers(mean) || !isNumbers(variance)) {
    return 'a weight or statistic is not a float32 constant'
  }
  const epsilon = node.float('epsilon', 1e-5)
  const scale = gamma.map((factor, c) => factor / Math.sqrt((variance[c] as number) + epsilon))
  const shift = beta.map((offset, c) => offset - (mean[c] as number) * (scale[c] as number))
  return finite({scale, shift})
}

function isNumbers(numbers: Float64Array | string | undefined): numbers is Float64Array {
  return numbers instanceof Float64Array
}

function finite(affine: Affine | string): Affine | string {
  if (typeof affine === 'string') return affine
  const areFinite = [affine.scale, affine.shift].every((numbers) => numbers?.every(Number.isFinite) ?? true)
  return areFinite ? affine : 'its numbers are not all finite'
}
