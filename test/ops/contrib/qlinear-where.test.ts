import * as file from '../../../src/ops/contrib/qlinear-where.js'
import {of, one, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {scaled} from '../../support/operators/shape-cases.js'

describeOperators(file, {
  shapes: {
    QLinearWhere: [
      {
        inputs: [
          ones('bool', 3, 1),
          ...scaled(of('uint8', 2, 1, 4)),
          ...scaled(of('uint8', 1)),
          one(1),
          one(0, 'uint8'),
        ],
      },
    ],
  },
})
