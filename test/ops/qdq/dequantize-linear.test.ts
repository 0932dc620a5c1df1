import * as file from '../../../src/ops/qdq/dequantize-linear.js'
import {of, one, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    DequantizeLinear: [{inputs: [of('int8', 2, 3), one(0.5), one(3, 'int8')]}],
    'DequantizeLinear 10': [
      {inputs: [of('int8', 2, 3), one(0.5), one(0, 'int8')]},
      {inputs: [of('int8', 2, 8), ones('float32', 2, 2)], attributes: {axis: 1, block_size: 4}},
    ],
  },
})
