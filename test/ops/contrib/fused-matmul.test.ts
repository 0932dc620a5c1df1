import {float} from '../../../src/ir/attribute.js'
import * as file from '../../../src/ops/contrib/fused-matmul.js'
import {f} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    FusedMatMul: [
      {inputs: [f(2, 4, 3), f(2, 5, 4)], attributes: {transA: 1, transB: 1, alpha: float(0.5)}},
      {inputs: [f(3, 2, 4), f(2, 4, 5)], attributes: {transBatchA: 1}},
    ],
    TransposeMatMul: [{inputs: [f(2, 4, 3), f(2, 5, 4)], attributes: {transA: 1, transB: 1}}],
  },
})
