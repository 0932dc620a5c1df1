import * as file from '../../../src/ops/contrib/matmul-nbits.js'
import {f, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    MatMulBnb4: [
      {
        inputs: [f(3, 32), ones('uint8', 80), ones('float32', 10)],
        attributes: {K: 32, N: 5, block_size: 16, quant_type: 1},
      },
    ],
    MatMulNBits: [
      {
        inputs: [f(2, 3, 32), ones('uint8', 5, 1, 16), ones('float32', 5)],
        attributes: {K: 32, N: 5, bits: 4, block_size: 32},
      },
    ],
  },
})
