import * as file from '../../../src/ops/attention/attention.js'
import {f} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'Attention 23': [
      {inputs: [f(2, 3, 5, 8), f(2, 3, 7, 8), f(2, 3, 7, 6)]},
      {
        inputs: [f(2, 5, 24), f(2, 7, 12), f(2, 7, 12)],
        attributes: {q_num_heads: 4, kv_num_heads: 2},
      },
      {inputs: [f(2, 3, 5, 8), f(2, 3, 7, 8), f(2, 3, 7, 8), undefined, f(2, 3, 4, 8), f(2, 3, 4, 8)], outputs: 4},
    ],
  },
})
