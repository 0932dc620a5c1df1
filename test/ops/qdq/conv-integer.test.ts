import * as file from '../../../src/ops/qdq/conv-integer.js'
import {of, one, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'ConvInteger 10': [
      {inputs: [of('uint8', 1, 2, 7, 7), ones('uint8', 3, 2, 3, 3), one(3, 'uint8')], attributes: {strides: [2, 2]}},
    ],
  },
})
