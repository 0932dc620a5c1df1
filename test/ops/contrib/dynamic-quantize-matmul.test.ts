import * as file from '../../../src/ops/contrib/dynamic-quantize-matmul.js'
import {f, of, one, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    DynamicQuantizeMatMul: [{inputs: [f(2, 3, 4), ones('int8', 4, 5), one(0.5), one(0, 'int8'), ones('float32', 5)]}],
    MatMulIntegerToFloat: [
      {inputs: [of('uint8', 3, 4), ones('int8', 4, 5), one(0.5), one(0.5), one(3, 'uint8'), one(0, 'int8')]},
    ],
  },
})
