import {float32} from '../../src/ir/tensor.js'
import {type GradientCase, moving, weight} from '../support/gradient-trial.js'

const statistics = [float32([0.1, -0.2, 0.3]), float32([0.5, 1, 2])]
const real = (value: number) => ({type: 'float', value}) as const
const convolution = (
  x: readonly number[],
  w: readonly number[],
  attributes: NonNullable<GradientCase['attributes']> = {},
  bias?: number,
): GradientCase => ({inputs: [moving(...x), weight(...w), bias ? weight(bias) : undefined].filter(Boolean), attributes})
const pool = (x: readonly number[], attributes: NonNullable<GradientCase['attributes']>): GradientCase => ({
  inputs: [moving(...x)],
  attributes,
})
const known = (one: GradientCase): GradientCase => ({...one, sizes: 'numbers'})

export const LAYER_CASES: Readonly<Record<string, readonly GradientCase[]>> = {
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
  ConvTranspose: [
    convolution([2, 4, 3, 4], [4, 3, 3, 2], {strides: [2, 3], pads: [1, 0, 1, 0], output_padding: [1, 0]}, 3),
    convolution([1, 4, 5], [4, 2, 3], {group: 2, dilations: [2]}, 4),
    convolution([1, 6, 3, 3], [6, 2, 3, 3]),
  ],
  MaxPool: [
    pool([2, 2, 4, 6], {kernel_shape: [2, 2], strides: [2, 2]}),
    pool([2, 2, 7, 6], {kernel_shape: [3, 2], strides: [2, 1], pads: [1, 0, 1, 1]}),
    pool([1, 2, 9], {kernel_shape: [3], dilations: [2]}),
    pool([1, 2, 5, 5], {kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1}),
  ],
  AveragePool: [
    pool([2, 2, 4, 6], {kernel_shape: [2, 2], strides: [2, 2]}),
    pool([2, 2, 6, 5], {kernel_shape: [3, 2], strides: [2, 1], pads: [1, 0, 1, 1]}),
    pool([2, 2, 6, 5], {kernel_shape: [3, 2], strides: [2, 1], pads: [1, 0, 1, 1], count_include_pad: 1}),
    pool([1, 2, 7], {kernel_shape: [2], strides: [2], ceil_mode: 1}),
    pool([1, 2, 8], {kernel_shape: [3], strides: [3], pads: [1, 1], ceil_mode: 1}),
    pool([1, 2, 9], {kernel_shape: [4], strides: [3]}),
    known(pool([1, 2, 6, 7], {kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'SAME_UPPER'})),
  ],
  GlobalAveragePool: [{inputs: [moving(2, 3, 4, 2)]}],
  GlobalMaxPool: [{inputs: [moving(2, 3, 4, 2)]}],
  BatchNormalization: [
    {inputs: [moving(2, 3, 4, 2), weight(3), weight(3), ...statistics]},
    {inputs: [moving(4, 3), weight(3), weight(3), ...statistics], attributes: {epsilon: real(0.1)}},
    {
      inputs: [moving(3, 3, 2), weight(3), weight(3), ...statistics],
      attributes: {training_mode: 1},
      outputs: 3,
      used: 1,
    },
  ],
  LayerNormalization: [
    {inputs: [moving(3, 2, 4), weight(4), weight(4)]},
    {inputs: [moving(3, 2, 4), weight(4)], attributes: {epsilon: real(0.1)}},
    {inputs: [moving(3, 2, 4), weight(2, 4), weight(2, 4)], attributes: {axis: 1}, single: true},
  ],
  RMSNormalization: [{inputs: [moving(3, 2, 4), weight(4)]}],
  SimplifiedLayerNormalization: [{inputs: [moving(3, 2, 4), weight(4)]}],
  InstanceNormalization: [{inputs: [moving(2, 3, 4, 2), weight(3), weight(3)]}],
  GroupNormalization: [
    {inputs: [moving(2, 4, 3, 2), weight(4), weight(4)], attributes: {num_groups: 2}, opsets: [21, 24], single: true},
  ],
  MeanVarianceNormalization: [{inputs: [moving(2, 3, 4, 2)]}, {inputs: [moving(3, 4)], attributes: {axes: [0]}}],
}
