import {f, type OpCase, of, one, ones} from './case.js'

export const BEFORE_7 = 'ONNX Runtime runs opset 7 and later'

export const legacy: readonly OpCase[] = [
  {inputs: [f(2, 3), f(3)], attributes: {broadcast: 1}, stated: {because: BEFORE_7, types: [['float32', [2, 3]]]}},
]

export const pair: readonly OpCase[] = [{inputs: [f(2, 1, 4), f(3, 1)]}, {inputs: [f(2, 3), one(2)]}]

export const pool: readonly OpCase[] = [
  {inputs: [f(1, 2, 7, 9)], attributes: {kernel_shape: [3, 2], strides: [2, 2], pads: [1, 0, 1, 1]}},
  {inputs: [f(1, 2, 8, 9)], attributes: {kernel_shape: [3, 3], strides: [2, 3], auto_pad: 'SAME_UPPER'}},
  {inputs: [f(1, 2, 9)], attributes: {kernel_shape: [4], auto_pad: 'VALID'}},
]

export const ceilPools: readonly OpCase[] = [4, 5, 6, 7, 8, 9].map((size) => ({
  inputs: [f(1, 1, size)],
  attributes: {kernel_shape: [2], strides: [3], pads: [1, 1], ceil_mode: 1},
}))

export const recurrentInputs = (gates: number, directions: number) => [
  f(5, 2, 3),
  ones('float32', directions, gates * 4, 3),
  ones('float32', directions, gates * 4, 4),
]

export const recurrent = (gates: number, outputs: number): readonly OpCase[] => [
  {inputs: recurrentInputs(gates, 1), attributes: {hidden_size: 4}, outputs},
  {inputs: recurrentInputs(gates, 2), attributes: {hidden_size: 4, direction: 'bidirectional'}, outputs},
]

export const scaled = (input: OpCase['inputs'][number]) => [input, one(0.5), one(3, 'uint8')]

export const unary: readonly OpCase[] = [{inputs: [...scaled(of('uint8', 2, 3)), one(1), one(0, 'uint8')]}]
