import * as file from '../../../src/ops/qdq/quantize-linear.js'
import {f, floats, one, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    QuantizeLinear: [{inputs: [f(2, 3), one(0.5), one(3, 'int8')]}],
    'QuantizeLinear 10': [
      {inputs: [f(2, 3), one(0.5)]},
      {inputs: [f(2, 3), floats(0.5, 1, 2), ones('int8', 3)], attributes: {axis: 1}},
      {inputs: [f(2, 3), one(0.5)], attributes: {output_dtype: 3}},
      {inputs: [f(2, 8), ones('float32', 2, 2), ones('int8', 2, 2)], attributes: {axis: 1, block_size: 4}},
    ],
  },
})
