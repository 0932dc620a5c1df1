import * as file from '../../../src/ops/conv/conv-transpose.js'
import {f, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {convolution} from '../../support/operators/gradient-cases.js'

describeOperators(file, {
  shapes: {
    'ConvTranspose 1': [
      {
        inputs: [f(1, 4, 5, 6), ones('float32', 4, 3, 3, 2)],
        attributes: {strides: [2, 3], pads: [1, 0, 1, 0], output_padding: [1, 0]},
      },
      {inputs: [f(1, 4, 5), ones('float32', 4, 2, 3)], attributes: {group: 2, dilations: [2]}},
      {inputs: [f(1, 4, 5), ones('float32', 4, 2, 3)], attributes: {auto_pad: 'SAME_UPPER', strides: [2]}},
      {inputs: [f(1, 4, 5), ones('float32', 4, 2, 3)], attributes: {output_shape: [10], strides: [2]}},
    ],
  },
  gradients: {
    ConvTranspose: [
      convolution([2, 4, 3, 4], [4, 3, 3, 2], {strides: [2, 3], pads: [1, 0, 1, 0], output_padding: [1, 0]}, 3),
      convolution([1, 4, 5], [4, 2, 3], {group: 2, dilations: [2]}, 4),
      convolution([1, 6, 3, 3], [6, 2, 3, 3]),
    ],
  },
})
