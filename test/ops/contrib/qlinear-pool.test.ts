import * as file from '../../../src/ops/contrib/qlinear-pool.js'
import {of, one} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {scaled} from '../../support/operators/shape-cases.js'

describeOperators(file, {
  shapes: {
    QLinearAveragePool: [
      {inputs: [...scaled(of('uint8', 1, 2, 7, 8)), one(1), one(0, 'uint8')], attributes: {kernel_shape: [2, 3]}},
      {
        inputs: [...scaled(of('uint8', 1, 7, 8, 2)), one(1), one(0, 'uint8')],
        attributes: {kernel_shape: [2, 3], channels_last: 1},
      },
    ],
    QLinearGlobalAveragePool: [
      {inputs: [...scaled(of('uint8', 1, 2, 7, 8)), one(1), one(0, 'uint8')]},
      {inputs: [...scaled(of('uint8', 1, 7, 8, 2)), one(1), one(0, 'uint8')], attributes: {channels_last: 1}},
    ],
  },
})
