import * as file from '../../../src/ops/conv/conv.js'
import {f, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {convolution, known} from '../../support/operators/gradient-cases.js'

describeOperators(file, {
  shapes: {
    'Conv 1': [
      {
        inputs: [f(1, 4, 7, 9), ones('float32', 6, 4, 3, 2), ones('float32', 6)],
        attributes: {strides: [2, 1], pads: [1, 0, 1, 2]},
      },
      {inputs: [f(1, 4, 7, 9), ones('float32', 4, 1, 3, 3)], attributes: {group: 4, dilations: [2, 3]}},
      {
        inputs: [f(1, 4, 7, 9), ones('float32', 6, 2, 3, 3)],
        attributes: {group: 2, auto_pad: 'SAME_LOWER', strides: [3, 2]},
      },
      {inputs: [f(1, 4, 9), ones('float32', 6, 4, 3)], attributes: {auto_pad: 'VALID', kernel_shape: [3]}},
    ],
  },
  gradients: {
    Conv: [
      convolution([2, 3, 5, 6], [4, 3, 3, 2], {strides: [2, 1], pads: [1, 0, 1, 2]}, 4),
      convolution([2, 6, 5, 5], [4, 6, 3, 3], {pads: [1, 1, 1, 1]}, 4),
      convolution([2, 6, 5, 6], [4, 6, 3, 3], {strides: [2, 2], pads: [1, 1, 1, 1]}),
      convolution([2, 6, 4, 5], [4, 6, 1, 1], {strides: [2, 2]}),
      convolution([2, 6, 3, 4], [4, 6, 1, 1]),
      convolution([2, 4, 5, 7], [4, 1, 3, 3], {group: 4, dilations: [2, 3], pads: [2, 3, 2, 3]}),
      convolution([2, 4, 7, 6], [4, 1, 3, 3], {group: 4, strides: [2, 2], pads: [1, 1, 1, 1]}, 4),
      convolution([2, 4, 5, 6], [6, 2, 3, 2], {group: 2, strides: [2, 1], pads: [1, 0, 0, 1]}, 6),
      known(convolution([2, 4, 7, 6], [6, 4, 3, 3], {auto_pad: 'SAME_LOWER', strides: [3, 2]})),
      convolution([2, 3, 5, 5], [2, 3, 2, 2], {auto_pad: 'SAME_UPPER'}),
      convolution([2, 3, 9], [4, 3, 3], {auto_pad: 'VALID', strides: [2]}, 4),
      convolution([1, 5, 9], [2, 5, 3], {pads: [4, 3], dilations: [2]}),
      convolution([1, 2, 4, 3, 5], [3, 2, 2, 2, 3], {pads: [0, 1, 1, 1, 0, 1], strides: [2, 1, 1]}, 3),
      convolution([1, 2, 3, 3], [2, 2, 1, 1], {pads: [1, 1, 1, 1]}),
      // few positions for their channels: batch and positions go into one product
      convolution([2, 6, 3, 3], [6, 6, 3, 3], {pads: [0, 1, 0, 1], strides: [2, 1]}, 6),
      convolution([3, 8, 1, 1], [8, 8, 1, 1]),
      convolution([2, 6, 4], [5, 6, 3], {strides: [2], pads: [1, 1], dilations: [2]}),
    ],
  },
})
