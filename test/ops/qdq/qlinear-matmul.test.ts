import * as file from '../../../src/ops/qdq/qlinear-matmul.js'
import {of, one, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'QLinearMatMul 10': [
      {
        inputs: [
          of('uint8', 2, 3, 4),
          one(0.5),
          one(3, 'uint8'),
          ones('int8', 4, 5),
          one(0.5),
          one(0, 'int8'),
          one(1),
          one(3, 'uint8'),
        ],
      },
    ],
  },
})
