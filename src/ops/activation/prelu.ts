import {type OpSpec, refuse} from '../op-spec.js'
import {operand} from '../operand.js'
import {NO_INTEGER_KERNEL, noMacs, OLD_FORM} from '../slots.js'
import {tieBroadcast} from '../ties.js'
import {gradientOfPrelu} from './activation-gradients.js'

/** PRelu: x, or slope·x below 0, slope stretched to x. ONNX PRelu-1, 6, 7, 9, 16. */
export const prelu: OpSpec = {
  type: 'PRelu',
  sinceOpset: 7,
  infer: (node) => [operand(node, 0)],
  parameters: {weights: [], biases: [1]},
  gradient: gradientOfPrelu,
  quantize: NO_INTEGER_KERNEL,
  prune: tieBroadcast,
  macs: noMacs,
}

/** The slope belonged to axis 1 instead of being stretched from the right. */
export const prelu1: OpSpec = {
  ...prelu,
  sinceOpset: 1,
  gradient: OLD_FORM,
  prune: refuse('before opset 7 its slope is aligned with axis 1'),
}
