import {f, floats, ints, type OpCase, of, one, ones} from './case.js'

const BEFORE_7 = 'ONNX Runtime runs opset 7 and later'
const legacy: readonly OpCase[] = [
  {inputs: [f(2, 3), f(3)], attributes: {broadcast: 1}, stated: {because: BEFORE_7, types: [['float32', [2, 3]]]}},
]
const legacyComparison: readonly OpCase[] = [
  {inputs: [f(2, 3), f(2, 3)], stated: {because: BEFORE_7, types: [['bool', [2, 3]]]}},
]
const legacyLogic: readonly OpCase[] = [
  {inputs: [of('bool', 2, 3), of('bool', 2, 3)], stated: {because: BEFORE_7, types: [['bool', [2, 3]]]}},
]
const pair: readonly OpCase[] = [{inputs: [f(2, 1, 4), f(3, 1)]}, {inputs: [f(2, 3), one(2)]}]
const bools: readonly OpCase[] = [{inputs: [of('bool', 2, 1, 4), of('bool', 3, 1)]}]
const integers: readonly OpCase[] = [{inputs: [of('int32', 2, 1, 4), of('int32', 3, 1)]}]
const reduceByAttribute: readonly OpCase[] = [
  {inputs: [f(2, 3, 4)]},
  {inputs: [f(2, 3, 4)], attributes: {axes: [-1, 0], keepdims: 0}},
  {inputs: [f(2, 3, 4)], attributes: {axes: [1]}},
]
const reduceByInput: readonly OpCase[] = [
  {inputs: [f(2, 3, 4)]},
  {inputs: [f(2, 3, 4), ints(-1, 0)], attributes: {keepdims: 0}},
  {inputs: [f(2, 3, 4), ints(1)]},
  {inputs: [f(2, 3, 4)], attributes: {noop_with_empty_axes: 1}},
]
const pool: readonly OpCase[] = [
  {inputs: [f(1, 2, 7, 9)], attributes: {kernel_shape: [3, 2], strides: [2, 2], pads: [1, 0, 1, 1]}},
  {inputs: [f(1, 2, 8, 9)], attributes: {kernel_shape: [3, 3], strides: [2, 3], auto_pad: 'SAME_UPPER'}},
  {inputs: [f(1, 2, 9)], attributes: {kernel_shape: [4], auto_pad: 'VALID'}},
]
/** Dilations since opset 19. */
const dilatedPools: readonly OpCase[] = [
  {
    inputs: [f(1, 2, 9, 10)],
    attributes: {kernel_shape: [2, 3], dilations: [2, 3], strides: [2, 1], pads: [1, 1, 1, 1]},
  },
  {inputs: [f(1, 2, 9, 10)], attributes: {kernel_shape: [2, 2], dilations: [3, 2], strides: [2, 2], ceil_mode: 1}},
]
const ceilPools: readonly OpCase[] = [4, 5, 6, 7, 8, 9].map((size) => ({
  inputs: [f(1, 1, size)],
  attributes: {kernel_shape: [2], strides: [3], pads: [1, 1], ceil_mode: 1},
}))
const recurrentInputs = (gates: number, directions: number) => [
  f(5, 2, 3),
  ones('float32', directions, gates * 4, 3),
  ones('float32', directions, gates * 4, 4),
]
const recurrent = (gates: number, outputs: number): readonly OpCase[] => [
  {inputs: recurrentInputs(gates, 1), attributes: {hidden_size: 4}, outputs},
  {inputs: recurrentInputs(gates, 2), attributes: {hidden_size: 4, direction: 'bidirectional'}, outputs},
]

/** By operator and the `sinceOpset` of its record. */
export const COMPUTE_CASES: Readonly<Record<string, readonly OpCase[]>> = {
  ...Object.fromEntries(
    ['Add', 'Sub', 'Mul', 'Div', 'Pow'].flatMap((type) => [
      [`${type} 7`, pair],
      [`${type} 1`, legacy],
    ]),
  ),
  ...Object.fromEntries(
    ['Equal', 'Greater', 'Less'].flatMap((type) => [
      [`${type} 7`, pair],
      [`${type} 1`, legacyComparison],
    ]),
  ),
  ...Object.fromEntries(
    ['And', 'Or', 'Xor'].flatMap((type) => [
      [`${type} 7`, bools],
      [`${type} 1`, legacyLogic],
    ]),
  ),
  ...Object.fromEntries(['BitwiseAnd', 'BitwiseOr', 'BitwiseXor'].map((type) => [`${type} 18`, integers])),
  'BitShift 11': [{inputs: [of('uint8', 2, 1), of('uint8', 3)], attributes: {direction: 'LEFT'}}],
  'BitwiseNot 18': [{inputs: [of('int32', 2, 3)]}],
  'Not 1': [{inputs: [of('bool', 2, 3)]}],
  'Mod 10': [{inputs: [of('int32', 2, 1), ones('int32', 3)]}],
  'GreaterOrEqual 12': pair,
  'LessOrEqual 12': pair,
  'Where 9': [{inputs: [of('bool', 3, 1), f(2, 1, 4), f(1)]}],
  ...Object.fromEntries(
    ['Min', 'Max', 'Sum', 'Mean'].map((type) => [`${type} 1`, [{inputs: [f(2, 1, 4), f(3, 1), f(1)]}]]),
  ),
  'Cast 6': [
    {inputs: [f(2, 3)], attributes: {to: 7}},
    {inputs: [of('int64', 2, 3)], attributes: {to: 9}},
  ],
  'Cast 1': [{inputs: [f(2, 3)], attributes: {to: 'INT64'}, stated: {because: BEFORE_7, types: [['int64', [2, 3]]]}}],
  'CastLike 15': [{inputs: [f(2, 3), of('int32', 1)]}],
  'Acosh 9': [{inputs: [f(2, 3)]}],
  'MatMul 1': [
    {inputs: [f(2, 1, 3, 4), f(5, 4, 6)]},
    {inputs: [f(4), f(4, 6)]},
    {inputs: [f(2, 3, 4), f(4)]},
    {inputs: [f(4), f(4)]},
  ],
  'Gemm 1': [
    {inputs: [f(2, 3), f(3, 4), f(4)]},
    {inputs: [f(3, 2), f(4, 3), f(2, 1)], attributes: {transA: 1, transB: 1}},
    {inputs: [f(2, 3), f(3, 4)]},
  ],
  'Einsum 12': [
    {inputs: [f(2, 3, 4), f(2, 4, 5)], attributes: {equation: 'bij, bjk -> bik'}},
    {inputs: [f(3, 4)], attributes: {equation: 'ij'}},
    {inputs: [f(3, 4)], attributes: {equation: 'ij->'}},
    {inputs: [f(1, 3, 4), f(5, 4, 6)], attributes: {equation: '...ij, ...jk -> ...ik'}},
    {inputs: [f(2, 3, 4), f(4)], attributes: {equation: 'b...j, j'}},
    {inputs: [f(3, 5, 5)], attributes: {equation: '...ii -> ...i'}},
  ],
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
  'ConvTranspose 1': [
    {
      inputs: [f(1, 4, 5, 6), ones('float32', 4, 3, 3, 2)],
      attributes: {strides: [2, 3], pads: [1, 0, 1, 0], output_padding: [1, 0]},
    },
    {inputs: [f(1, 4, 5), ones('float32', 4, 2, 3)], attributes: {group: 2, dilations: [2]}},
    {inputs: [f(1, 4, 5), ones('float32', 4, 2, 3)], attributes: {auto_pad: 'SAME_UPPER', strides: [2]}},
    {inputs: [f(1, 4, 5), ones('float32', 4, 2, 3)], attributes: {output_shape: [10], strides: [2]}},
  ],
  'MaxPool 1': [
    ...pool,
    ...ceilPools,
    {inputs: [f(1, 2, 9)], attributes: {kernel_shape: [3], dilations: [2]}, outputs: 2},
  ],
  'AveragePool 1': [...pool, ...ceilPools, ...dilatedPools],
  'LpPool 2': [...pool, ...dilatedPools],
  'GlobalLpPool 1': [{inputs: [f(2, 3, 4, 5)], opset: 21}],
  'BatchNormalization 1': [
    {inputs: [f(2, 3, 4, 5), ...[1, 2, 3, 4].map(() => ones('float32', 3))]},
    {
      inputs: [f(2, 3, 4, 5), ...[1, 2, 3, 4].map(() => ones('float32', 3))],
      attributes: {training_mode: 1},
      outputs: 3,
    },
  ],
  'LayerNormalization 1': [
    {inputs: [f(2, 3, 4), ones('float32', 4), ones('float32', 4)], outputs: 3},
    {inputs: [f(2, 3, 4), ones('float32', 3, 4)], attributes: {axis: 1}},
    {inputs: [f(2, 3, 4), ones('float32', 4), ones('float32', 4)], opset: 13},
  ],
  'SimplifiedLayerNormalization 1': [{inputs: [f(2, 3, 4), ones('float32', 4)], outputs: 2, opset: 17}],
  'RMSNormalization 23': [{inputs: [f(2, 3, 4), ones('float32', 4)]}],
  'InstanceNormalization 1': [{inputs: [f(2, 3, 4, 5), ones('float32', 3), ones('float32', 3)]}],
  'GroupNormalization 18': [
    {inputs: [f(2, 4, 4, 5), ones('float32', 4), ones('float32', 4)], attributes: {num_groups: 2}},
  ],
  'LRN 1': [{inputs: [f(2, 3, 4, 5)], attributes: {size: 3}}],
  'Clip 11': [{inputs: [f(2, 3), one(0), one(6)]}, {inputs: [f(2, 3), undefined, one(6)]}],
  'PRelu 7': [{inputs: [f(2, 3, 4), ones('float32', 3, 1)]}],
  'PRelu 1': [{inputs: [f(2, 3, 4), ones('float32', 3)], stated: {because: BEFORE_7, types: [['float32', [2, 3, 4]]]}}],
  'Dropout 10': [{inputs: [f(2, 3)], outputs: 2}],
  'Dropout 1': [{inputs: [f(2, 3)], outputs: 1}],
  ...Object.fromEntries(
    ['L1', 'L2', 'LogSum', 'LogSumExp', 'Max', 'Mean', 'Min', 'Prod', 'SumSquare'].flatMap((type) => [
      [`Reduce${type} 1`, reduceByAttribute],
      [`Reduce${type} 18`, reduceByInput],
    ]),
  ),
  'ReduceSum 1': reduceByAttribute,
  'ReduceSum 13': reduceByInput,
  ...Object.fromEntries(
    ['ArgMax', 'ArgMin'].map((type) => [
      `${type} 1`,
      [{inputs: [f(2, 3)]}, {inputs: [f(2, 3)], attributes: {axis: -1, keepdims: 0}}],
    ]),
  ),
  'TopK 10': [
    {inputs: [f(2, 5), ints(3)], outputs: 2},
    {inputs: [f(5, 2), ints(3)], attributes: {axis: 0}, outputs: 2},
  ],
  'TopK 1': [{inputs: [f(2, 5)], attributes: {k: 2}, outputs: 2}],
  'CumSum 11': [{inputs: [f(2, 5), one(1, 'int64')]}],
  'LSTM 1': recurrent(4, 3),
  'GRU 1': recurrent(3, 2),
  'RNN 1': recurrent(1, 2),
  'QuantizeLinear 10': [
    {inputs: [f(2, 3), one(0.5)]},
    {inputs: [f(2, 3), floats(0.5, 1, 2), ones('int8', 3)], attributes: {axis: 1}},
    {inputs: [f(2, 3), one(0.5)], attributes: {output_dtype: 3}},
    {inputs: [f(2, 8), ones('float32', 2, 2), ones('int8', 2, 2)], attributes: {axis: 1, block_size: 4}},
  ],
  'DequantizeLinear 10': [
    {inputs: [of('int8', 2, 3), one(0.5), one(0, 'int8')]},
    {inputs: [of('int8', 2, 8), ones('float32', 2, 2)], attributes: {axis: 1, block_size: 4}},
  ],
  'DynamicQuantizeLinear 11': [{inputs: [f(2, 3)], outputs: 3}],
  'MatMulInteger 10': [{inputs: [of('uint8', 2, 3, 4), ones('int8', 4, 5), one(3, 'uint8')]}],
  'ConvInteger 10': [
    {inputs: [of('uint8', 1, 2, 7, 7), ones('uint8', 3, 2, 3, 3), one(3, 'uint8')], attributes: {strides: [2, 2]}},
  ],
  'QLinearConv 10': [
    {
      inputs: [
        of('uint8', 1, 2, 7, 7),
        one(0.5),
        one(3, 'uint8'),
        ones('int8', 3, 2, 3, 3),
        one(0.5),
        one(0, 'int8'),
        one(1),
        one(3, 'uint8'),
        ones('int32', 3),
      ],
      attributes: {pads: [1, 1, 1, 1]},
    },
  ],
  'QLinearMatMul 10': [
    {
      inputs: [
        of('uint8', 2, 3, 4),
        one(0.5),
        one(3, 'uint8'),
        ones('int8', 4, 5),
        one(0.5),
        one(0, 'int8'),
        one(1),
        one(3, 'uint8'),
      ],
    },
  ],
}
