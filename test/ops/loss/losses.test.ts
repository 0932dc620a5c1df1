import * as file from '../../../src/ops/loss/losses.js'
import {f, indices, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'NegativeLogLikelihoodLoss 12': [
      {inputs: [f(3, 5, 2), indices(5, 3, 2)], attributes: {reduction: 'none'}, opset: 13},
      {inputs: [f(3, 5), indices(5, 3), ones('float32', 5)], opset: 13},
    ],
    'SoftmaxCrossEntropyLoss 12': [
      {inputs: [f(3, 5, 2), indices(5, 3, 2)], attributes: {reduction: 'none'}, outputs: 2, opset: 13},
      {inputs: [f(3, 5), indices(5, 3)], attributes: {reduction: 'sum'}, opset: 13},
    ],
  },
})
