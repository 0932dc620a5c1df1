import type {Node} from '../ir/node.js'
import {type Inferred, type ParameterSlots, type QuantizeFact, refuse} from './op-spec.js'
import {operand} from './operand.js'

/** Answers many operators share. */

export const NO_GRADIENT_YET = refuse('its gradient rule is not written yet')
export const FUSED_FORM = refuse('ONNX Runtime wrote it when it optimized the model: train the file from before')
export const INTEGER_FORM = refuse(
  'this quantized form only runs: quantize the float model as QDQ or with --mode weights, and train that',
)
export const OLD_FORM = refuse('gradients start at opset 16: bring the model there first')
export const NO_GRADIENT = refuse('the output does not change smoothly with the input')

export const ELEMENTWISE: QuantizeFact = {as: 'elementwise'}
export const ACTIVATION: QuantizeFact = {as: 'activation'}
export const PASSTHROUGH: QuantizeFact = {as: 'passthrough'}
export const NO_INTEGER_KERNEL = refuse('ONNX Runtime has no integer kernel for it')
export const NOT_FLOAT = refuse('it computes no floats')
export const ALREADY_QUANTIZED = refuse('it is quantized already')
export const KEPT_FLOAT = refuse('int8 gains nothing here and costs accuracy')

export const NO_TIES_YET = refuse('which channels belong together is not written yet')
export const NO_CHANNELS = refuse('its axes are positions or indices, not channels')
export const TIES_LOST = refuse('it rearranges elements, so channels cannot be followed through it')

export const COMPUTED_SIZES = refuse('the sizes it works with are computed while the model runs')

export const ROUNDS = refuse('its body runs a number of times that the data decides')

/** A bias, scale or offset may stand on either side. */
export const EITHER_SIDE: ParameterSlots = {weights: [], biases: [0, 1]}

export function noMacs(): number {
  return 0
}

export function sameAsFirst(node: Node): readonly Inferred[] {
  return [operand(node, 0)]
}
