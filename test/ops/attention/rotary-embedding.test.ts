import * as file from '../../../src/ops/attention/rotary-embedding.js'
import {f, indices, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'RotaryEmbedding 23': [
      {inputs: [f(2, 3, 4, 8), ones('float32', 50, 4), ones('float32', 50, 4), indices(50, 2, 4)]},
    ],
  },
})
