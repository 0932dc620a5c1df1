import * as file from '../../../src/ops/contrib/nchwc.js'
import {f, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    Conv: [
      {
        inputs: [f(1, 16, 7, 8), ones('float32', 32, 16, 3, 3), ones('float32', 32)],
        attributes: {pads: [1, 1, 1, 1], strides: [2, 1], activation: 'Relu'},
      },
    ],
    AveragePool: [{inputs: [f(1, 16, 7, 8)], attributes: {kernel_shape: [3, 3], pads: [1, 1, 1, 1]}}],
    MaxPool: [{inputs: [f(1, 16, 7, 8)], attributes: {kernel_shape: [3, 3], strides: [2, 2]}}],
    GlobalAveragePool: [{inputs: [f(1, 16, 7, 8)]}],
    GlobalMaxPool: [{inputs: [f(1, 16, 7, 8)]}],
    Upsample: [{inputs: [f(1, 16, 7, 8)], attributes: {scales: [1, 1, 2, 3]}}],
    ReorderInput: [{inputs: [f(1, 16, 7, 8)]}, {inputs: [f(1, 7, 8, 16)], attributes: {channels_last: 1}}],
    ReorderOutput: [
      {inputs: [f(1, 16, 7, 8)], attributes: {channels: 13}},
      {inputs: [f(1, 16, 7, 8)], attributes: {channels: 13, channels_last: 1}},
    ],
  },
})
