import * as file from '../../../src/ops/pool/max-pool.js'
import {f} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {pooled} from '../../support/operators/gradient-cases.js'
import {ceilPools, pool} from '../../support/operators/shape-cases.js'

describeOperators(file, {
  shapes: {
    'MaxPool 1': [
      ...pool,
      ...ceilPools,
      {inputs: [f(1, 2, 9)], attributes: {kernel_shape: [3], dilations: [2]}, outputs: 2},
    ],
  },
  gradients: {
    MaxPool: [
      pooled([2, 2, 4, 6], {kernel_shape: [2, 2], strides: [2, 2]}),
      pooled([2, 2, 7, 6], {kernel_shape: [3, 2], strides: [2, 1], pads: [1, 0, 1, 1]}),
      pooled([1, 2, 9], {kernel_shape: [3], dilations: [2]}),
      pooled([1, 2, 5, 5], {kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1}),
    ],
  },
})
