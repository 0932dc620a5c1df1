import * as file from '../../../src/ops/normalization/instance-normalization.js'
import {f, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving, weight} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    'GroupNormalization 18': [
      {inputs: [f(2, 4, 4, 5), ones('float32', 4), ones('float32', 4)], attributes: {num_groups: 2}},
    ],
    'InstanceNormalization 1': [{inputs: [f(2, 3, 4, 5), ones('float32', 3), ones('float32', 3)]}],
  },
  gradients: {
    GroupNormalization: [
      {inputs: [moving(2, 4, 3, 2), weight(4), weight(4)], attributes: {num_groups: 2}, opsets: [21, 24], single: true},
    ],
    InstanceNormalization: [{inputs: [moving(2, 3, 4, 2), weight(3), weight(3)]}],
  },
})
