import * as file from '../../../src/ops/pool/average-pool.js'
import {f, type OpCase} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {known, pooled} from '../../support/operators/gradient-cases.js'
import {ceilPools, pool} from '../../support/operators/shape-cases.js'

/** Dilations since opset 19. */
const dilatedPools: readonly OpCase[] = [
  {
    inputs: [f(1, 2, 9, 10)],
    attributes: {kernel_shape: [2, 3], dilations: [2, 3], strides: [2, 1], pads: [1, 1, 1, 1]},
  },
  {inputs: [f(1, 2, 9, 10)], attributes: {kernel_shape: [2, 2], dilations: [3, 2], strides: [2, 2], ceil_mode: 1}},
]

describeOperators(file, {
  shapes: {
    'AveragePool 1': [...pool, ...ceilPools, ...dilatedPools],
    'LpPool 2': [...pool, ...dilatedPools],
  },
  gradients: {
    AveragePool: [
      pooled([2, 2, 4, 6], {kernel_shape: [2, 2], strides: [2, 2]}),
      pooled([2, 2, 6, 5], {kernel_shape: [3, 2], strides: [2, 1], pads: [1, 0, 1, 1]}),
      pooled([2, 2, 6, 5], {kernel_shape: [3, 2], strides: [2, 1], pads: [1, 0, 1, 1], count_include_pad: 1}),
      pooled([1, 2, 7], {kernel_shape: [2], strides: [2], ceil_mode: 1}),
      pooled([1, 2, 8], {kernel_shape: [3], strides: [3], pads: [1, 1], ceil_mode: 1}),
      pooled([1, 2, 9], {kernel_shape: [4], strides: [3]}),
      known(pooled([1, 2, 6, 7], {kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'SAME_UPPER'})),
    ],
  },
})
