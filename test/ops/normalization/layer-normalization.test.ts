import {float} from '../../../src/ir/attribute.js'
import * as file from '../../../src/ops/normalization/layer-normalization.js'
import {f, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving, weight} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    'LayerNormalization 1': [
      {inputs: [f(2, 3, 4), ones('float32', 4), ones('float32', 4)], outputs: 3},
      {inputs: [f(2, 3, 4), ones('float32', 3, 4)], attributes: {axis: 1}},
      {inputs: [f(2, 3, 4), ones('float32', 4), ones('float32', 4)], opset: 13},
    ],
    'RMSNormalization 23': [{inputs: [f(2, 3, 4), ones('float32', 4)]}],
  },
  gradients: {
    LayerNormalization: [
      {inputs: [moving(3, 2, 4), weight(4), weight(4)]},
      {inputs: [moving(3, 2, 4), weight(4)], attributes: {epsilon: float(0.1)}},
      {inputs: [moving(3, 2, 4), weight(2, 4), weight(2, 4)], attributes: {axis: 1}, single: true},
    ],
    RMSNormalization: [{inputs: [moving(3, 2, 4), weight(4)]}],
  },
})
