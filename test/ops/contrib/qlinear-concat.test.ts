import * as file from '../../../src/ops/contrib/qlinear-concat.js'
import {of, one} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {scaled} from '../../support/operators/shape-cases.js'

describeOperators(file, {
  shapes: {
    QLinearConcat: [
      {
        inputs: [one(1), one(0, 'uint8'), ...scaled(of('uint8', 2, 3)), ...scaled(of('uint8', 2, 4))],
        attributes: {axis: 1},
      },
    ],
  },
})
