import * as file from '../../../src/ops/contrib/nhwc.js'
import {of, one, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {scaled} from '../../support/operators/shape-cases.js'

describeOperators(file, {
  shapes: {
    QLinearConv: [
      {
        inputs: [
          ...scaled(of('uint8', 1, 7, 8, 2)),
          ones('int8', 3, 2, 3, 3),
          one(0.5),
          one(0, 'int8'),
          one(1),
          one(3, 'uint8'),
        ],
        attributes: {channels_last: 1, strides: [2, 2]},
      },
    ],
    NhwcMaxPool: [{inputs: [of('uint8', 1, 7, 8, 2)], attributes: {kernel_shape: [3, 2], strides: [2, 2]}}],
  },
})
