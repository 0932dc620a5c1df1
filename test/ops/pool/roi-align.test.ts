import * as file from '../../../src/ops/pool/roi-align.js'
import {f, ints} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'RoiAlign 10': [
      {inputs: [f(1, 3, 8, 8), f(2, 4), ints(0, 0)], attributes: {output_height: 3, output_width: 2}, opset: 16},
    ],
  },
})
