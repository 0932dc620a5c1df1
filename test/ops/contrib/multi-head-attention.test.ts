import * as file from '../../../src/ops/contrib/multi-head-attention.js'
import {f} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    MultiHeadAttention: [
      {inputs: [f(2, 3, 8), f(2, 5, 8), f(2, 5, 6)], attributes: {num_heads: 2}},
      {
        inputs: [f(2, 3, 2, 3, 4)],
        attributes: {num_heads: 2},
        stated: {because: 'ONNX Runtime takes packed Q, K and V on the GPU only', types: [['float32', [2, 3, 8]]]},
      },
      {
        inputs: [f(2, 3, 8), f(2, 5, 2, 2, 4)],
        attributes: {num_heads: 2},
        stated: {because: 'ONNX Runtime takes packed K and V on the GPU only', types: [['float32', [2, 3, 8]]]},
      },
      {
        inputs: [f(2, 3, 8), f(2, 3, 8), f(2, 3, 8), undefined, undefined, undefined, f(2, 2, 5, 4), f(2, 2, 5, 4)],
        attributes: {num_heads: 2},
        outputs: 3,
      },
    ],
  },
})
