import {readNumbers} from '../../ir/tensor.js'
import {type GradientRule, NO_PARAMETERS, type OpSpec} from '../op-spec.js'
import {operand} from '../operand.js'
import {noMacs, OLD_FORM, PASSTHROUGH} from '../slots.js'
import {tieFirst} from '../ties.js'

/** In training the kept elements, made larger by 1 / (1 - ratio). */
const dropoutGradient: GradientRule = (build, node, [d]) => {
  const [, ratio, training] = node.inputs
  const always = training?.constant && readNumbers(training.constant)[0]
  if (!d || !training || always === 0) return [d]
  const kept = build.sub(build.like(d, 1), ratio ? build.castLike(ratio, d) : build.like(d, 0.5))
  const masked = build.div(build.mul(d, build.castLike(build.outputOf(node, 1), d)), kept)
  return [always === undefined ? build.op('Where', [training, masked, d]) : masked]
}

/** Dropout: the identity in inference; the mask is bool since opset 10, of the input's type before. ONNX Dropout-1, 7, 10, 12. */
export const dropout: OpSpec = {
  type: 'Dropout',
  sinceOpset: 10,
  infer: (node) => [operand(node, 0), {dtype: 'bool', shape: operand(node, 0).shape}],
  parameters: NO_PARAMETERS,
  gradient: dropoutGradient,
  quantize: PASSTHROUGH,
  prune: tieFirst,
  macs: noMacs,
}

export const dropout1: OpSpec = {
  ...dropout,
  sinceOpset: 1,
  infer: (node) => [operand(node, 0), operand(node, 0)],
  gradient: OLD_FORM,
}
