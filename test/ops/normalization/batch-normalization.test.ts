import {float} from '../../../src/ir/attribute.js'
import {float32} from '../../../src/ir/tensor.js'
import * as file from '../../../src/ops/normalization/batch-normalization.js'
import {f, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving, weight} from '../../support/operators/gradient-trial.js'

const statistics = [float32([0.1, -0.2, 0.3]), float32([0.5, 1, 2])]

describeOperators(file, {
  shapes: {
    'BatchNormalization 1': [
      {inputs: [f(2, 3, 4, 5), ...[1, 2, 3, 4].map(() => ones('float32', 3))]},
      {
        inputs: [f(2, 3, 4, 5), ...[1, 2, 3, 4].map(() => ones('float32', 3))],
        attributes: {training_mode: 1},
        outputs: 3,
      },
    ],
  },
  gradients: {
    BatchNormalization: [
      {inputs: [moving(2, 3, 4, 2), weight(3), weight(3), ...statistics]},
      {inputs: [moving(4, 3), weight(3), weight(3), ...statistics], attributes: {epsilon: float(0.1)}},
      {
        inputs: [moving(3, 3, 2), weight(3), weight(3), ...statistics],
        attributes: {training_mode: 1},
        outputs: 3,
        used: 1,
      },
    ],
  },
})
