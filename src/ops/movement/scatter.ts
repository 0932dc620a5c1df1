import {NO_INTEGER_KERNEL, OLD_FORM, sameAsFirst} from '../slots.js'
import {movement} from './move.js'
import {scatterGradient} from './move-gradients.js'

const elementsGradient = scatterGradient((build, node, d, indices) =>
  build.op('GatherElements', [d, indices], {axis: node.int('axis', 0)}),
)
const rowsGradient = scatterGradient((build, _node, d, indices) => build.op('GatherND', [d, indices]))

/** Copies of input 0 with elements replaced. ONNX Scatter-9, ScatterElements-11, ScatterND-11. */
export const scatter = movement({
  type: 'Scatter',
  sinceOpset: 9,
  infer: sameAsFirst,
  gradient: OLD_FORM,
  quantize: NO_INTEGER_KERNEL,
})
export const scatterElements = movement({
  type: 'ScatterElements',
  sinceOpset: 11,
  infer: sameAsFirst,
  gradient: elementsGradient,
  quantize: NO_INTEGER_KERNEL,
})
export const scatterND = movement({
  type: 'ScatterND',
  sinceOpset: 11,
  infer: sameAsFirst,
  gradient: rowsGradient,
  quantize: NO_INTEGER_KERNEL,
})

/** TensorScatter: an attention cache with the new steps written in place. ONNX TensorScatter-24. */
export const tensorScatter = movement({
  type: 'TensorScatter',
  sinceOpset: 24,
  infer: sameAsFirst,
  quantize: NO_INTEGER_KERNEL,
})
