import * as file from '../../../src/ops/pool/max-unpool.js'
import {f, indices, ints} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'MaxUnpool 9': [
      {inputs: [f(1, 1, 2, 2), indices(16, 1, 1, 2, 2)], attributes: {kernel_shape: [2, 2], strides: [2, 2]}},
      {
        inputs: [f(1, 1, 2, 2), indices(16, 1, 1, 2, 2), ints(1, 1, 5, 5)],
        attributes: {kernel_shape: [2, 2], strides: [2, 2]},
      },
    ],
  },
})
