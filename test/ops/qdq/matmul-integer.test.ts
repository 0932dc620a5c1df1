import * as file from '../../../src/ops/qdq/matmul-integer.js'
import {of, one, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'MatMulInteger 10': [{inputs: [of('uint8', 2, 3, 4), ones('int8', 4, 5), one(3, 'uint8')]}],
  },
})
