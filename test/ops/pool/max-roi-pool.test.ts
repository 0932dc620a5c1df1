import * as file from '../../../src/ops/pool/max-roi-pool.js'
import {f} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'MaxRoiPool 1': [
      {
        inputs: [f(1, 3, 8, 8), {dtype: 'float32', shape: [2, 5], limit: 1}],
        attributes: {pooled_shape: [3, 2]},
        opset: 21,
      },
    ],
  },
})
