import * as file from '../../../src/ops/qdq/qlinear-conv.js'
import {of, one, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'QLinearConv 10': [
      {
        inputs: [
          of('uint8', 1, 2, 7, 7),
          one(0.5),
          one(3, 'uint8'),
          ones('int8', 3, 2, 3, 3),
          one(0.5),
          one(0, 'int8'),
          one(1),
          one(3, 'uint8'),
          ones('int32', 3),
        ],
        attributes: {pads: [1, 1, 1, 1]},
      },
    ],
  },
})
