import * as file from '../../../src/ops/conv/deform-conv.js'
import {f, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'DeformConv 19': [
      {
        inputs: [f(1, 2, 5, 5), ones('float32', 3, 2, 2, 2), f(1, 8, 4, 4)],
        attributes: {kernel_shape: [2, 2]},
      },
    ],
  },
})
