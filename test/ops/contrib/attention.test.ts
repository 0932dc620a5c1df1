import {tensorOf} from '../../../src/ir/tensor.js'
import * as file from '../../../src/ops/contrib/attention.js'
import {f, of, one, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    GroupQueryAttention: [
      {
        inputs: [
          f(1, 3, 32),
          f(1, 3, 16),
          f(1, 3, 16),
          undefined,
          undefined,
          tensorOf('int32', [1], Int32Array.of(2)),
          one(3, 'int32'),
        ],
        attributes: {num_heads: 4, kv_num_heads: 2},
        outputs: 3,
      },
      {
        inputs: [
          f(1, 3, 64),
          undefined,
          undefined,
          undefined,
          undefined,
          tensorOf('int32', [1], Int32Array.of(2)),
          one(3, 'int32'),
        ],
        attributes: {num_heads: 4, kv_num_heads: 2},
        outputs: 3,
      },
    ],
    Attention: [
      {inputs: [f(2, 3, 8), ones('float32', 8, 24), ones('float32', 24)], attributes: {num_heads: 2}},
      {
        inputs: [f(2, 3, 8), ones('float32', 8, 24), ones('float32', 24), undefined, f(2, 2, 2, 5, 4)],
        attributes: {num_heads: 2, unidirectional: 1},
        outputs: 2,
      },
      {
        inputs: [f(2, 3, 8), ones('float32', 8, 22), ones('float32', 22)],
        attributes: {num_heads: 2, qkv_hidden_sizes: [8, 8, 6]},
      },
    ],
    QAttention: [
      {
        inputs: [
          of('uint8', 2, 3, 8),
          ones('int8', 8, 24),
          ones('float32', 24),
          one(0.5),
          one(0.5),
          undefined,
          one(3, 'uint8'),
          one(0, 'int8'),
        ],
        attributes: {num_heads: 2},
      },
    ],
  },
})
