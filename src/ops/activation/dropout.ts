import {NO_PARAMETERS, type OpSpec} from '../op-spec.js'
import {operand} from '../operand.js'
import {NO_GRADIENT_YET, noMacs, PASSTHROUGH} from '../slots.js'
import {tieFirst} from '../ties.js'

/** Dropout: the identity in inference; the mask is bool since opset 10, of the input's type before. ONNX Dropout-1, 7, 10, 12. */
export const dropout: OpSpec = {
  type: 'Dropout',
  sinceOpset: 10,
  infer: (node) => [operand(node, 0), {dtype: 'bool', shape: operand(node, 0).shape}],
  parameters: NO_PARAMETERS,
  gradient: NO_GRADIENT_YET,
  quantize: PASSTHROUGH,
  prune: tieFirst,
  macs: noMacs,
}

export const dropout1: OpSpec = {...dropout, sinceOpset: 1, infer: (node) => [operand(node, 0), operand(node, 0)]}
