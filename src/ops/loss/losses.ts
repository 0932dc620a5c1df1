import type {Node} from '../../ir/node.js'
import type {Inferred} from '../op-spec.js'
import {operand} from '../operand.js'
import {record} from '../record.js'

/** Losses over classes on axis 1: one number, or one per target with reduction "none". ONNX NegativeLogLikelihoodLoss-12, 13, 22. */
export const negativeLogLikelihoodLoss = record({
  type: 'NegativeLogLikelihoodLoss',
  sinceOpset: 12,
  infer: (node) => [lossOf(node)],
})

/** SoftmaxCrossEntropyLoss: the loss of softmax(scores), and its logarithm. ONNX SoftmaxCrossEntropyLoss-12, 13. */
export const softmaxCrossEntropyLoss = record({
  type: 'SoftmaxCrossEntropyLoss',
  sinceOpset: 12,
  infer: (node) => [lossOf(node), operand(node, 0)],
})

function lossOf(node: Node): Inferred {
  const isReduced = node.string('reduction', 'mean') !== 'none'
  return {dtype: operand(node, 0).dtype, shape: isReduced ? [] : operand(node, 1).shape}
}
