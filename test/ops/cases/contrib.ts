import {float} from '../../../src/ir/attribute.js'
import {tensorOf} from '../../../src/ir/tensor.js'
import {f, indices, type OpCase, of, one, ones} from './case.js'

const scaled = (input: OpCase['inputs'][number]) => [input, one(0.5), one(3, 'uint8')]
const binary: readonly OpCase[] = [
  {inputs: [...scaled(of('uint8', 2, 1, 4)), ...scaled(of('uint8', 3, 1)), one(1), one(0, 'uint8')]},
]
const unary: readonly OpCase[] = [{inputs: [...scaled(of('uint8', 2, 3)), one(1), one(0, 'uint8')]}]

/** Operators of ONNX Runtime's own domain, by name. */
export const CONTRIB_CASES: Readonly<Record<string, readonly OpCase[]>> = {
  QuantizeLinear: [{inputs: [f(2, 3), one(0.5), one(3, 'int8')]}],
  DequantizeLinear: [{inputs: [of('int8', 2, 3), one(0.5), one(3, 'int8')]}],
  DynamicQuantizeMatMul: [{inputs: [f(2, 3, 4), ones('int8', 4, 5), one(0.5), one(0, 'int8'), ones('float32', 5)]}],
  MatMulIntegerToFloat: [
    {inputs: [of('uint8', 3, 4), ones('int8', 4, 5), one(0.5), one(0.5), one(3, 'uint8'), one(0, 'int8')]},
  ],
  DynamicQuantizeLSTM: [
    {
      inputs: [
        f(5, 2, 3),
        ones('int8', 2, 3, 16),
        ones('int8', 2, 4, 16),
        undefined,
        undefined,
        undefined,
        undefined,
        undefined,
        ones('float32', 2),
        ones('int8', 2),
        ones('float32', 2),
        ones('int8', 2),
      ],
      attributes: {hidden_size: 4, direction: 'bidirectional'},
      outputs: 3,
    },
  ],
  MatMulNBits: [
    {
      inputs: [f(2, 3, 32), ones('uint8', 5, 1, 16), ones('float32', 5)],
      attributes: {K: 32, N: 5, bits: 4, block_size: 32},
    },
  ],
  QLinearAdd: binary,
  QLinearMul: binary,
  QLinearLeakyRelu: unary,
  QLinearSigmoid: unary,
  QLinearSoftmax: [{...unary[0], inputs: unary[0]?.inputs ?? [], attributes: {opset: 13}}],
  QLinearAveragePool: [
    {inputs: [...scaled(of('uint8', 1, 2, 7, 8)), one(1), one(0, 'uint8')], attributes: {kernel_shape: [2, 3]}},
    {
      inputs: [...scaled(of('uint8', 1, 7, 8, 2)), one(1), one(0, 'uint8')],
      attributes: {kernel_shape: [2, 3], channels_last: 1},
    },
  ],
  QLinearGlobalAveragePool: [
    {inputs: [...scaled(of('uint8', 1, 2, 7, 8)), one(1), one(0, 'uint8')]},
    {inputs: [...scaled(of('uint8', 1, 7, 8, 2)), one(1), one(0, 'uint8')], attributes: {channels_last: 1}},
  ],
  QLinearConcat: [
    {
      inputs: [one(1), one(0, 'uint8'), ...scaled(of('uint8', 2, 3)), ...scaled(of('uint8', 2, 4))],
      attributes: {axis: 1},
    },
  ],
  QGemm: [
    {
      inputs: [...scaled(of('uint8', 2, 3)), ones('int8', 4, 3), one(0.5), one(0, 'int8'), ones('int32', 4)],
      attributes: {transB: 1},
    },
    {
      inputs: [
        ...scaled(of('uint8', 2, 3)),
        ones('int8', 3, 4),
        one(0.5),
        one(0, 'int8'),
        ones('int32', 4),
        one(1),
        one(0, 'uint8'),
      ],
    },
  ],
  FusedMatMul: [
    {inputs: [f(2, 4, 3), f(2, 5, 4)], attributes: {transA: 1, transB: 1, alpha: float(0.5)}},
    {inputs: [f(3, 2, 4), f(2, 4, 5)], attributes: {transBatchA: 1}},
  ],
  FusedConv: [
    {inputs: [f(1, 2, 7, 7), ones('float32', 3, 2, 3, 3)], attributes: {activation: 'Relu', pads: [1, 1, 1, 1]}},
  ],
  FusedGemm: [{inputs: [f(2, 3), f(3, 4), f(4)], attributes: {activation: 'Relu'}}],
  BiasGelu: [{inputs: [f(2, 4), f(4)]}],
  FastGelu: [{inputs: [f(2, 4), f(4)]}],
  SkipSimplifiedLayerNormalization: [{inputs: [f(2, 3, 4), f(2, 3, 4), ones('float32', 4)], outputs: 4}],
  SkipLayerNormalization: [
    {inputs: [f(2, 3, 4), f(2, 3, 4), ones('float32', 4), ones('float32', 4)]},
    {inputs: [f(2, 3, 4), f(2, 3, 4), ones('float32', 4), ones('float32', 4), ones('float32', 4)], outputs: 4},
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
  MultiHeadAttention: [
    {inputs: [f(2, 3, 8), f(2, 5, 8), f(2, 5, 6)], attributes: {num_heads: 2}},
    {
      inputs: [f(2, 3, 2, 3, 4)],
      attributes: {num_heads: 2},
      stated: {because: 'ONNX Runtime takes packed Q, K and V on the GPU only', types: [['float32', [2, 3, 8]]]},
    },
    {
      inputs: [f(2, 3, 8), f(2, 5, 2, 2, 4)],
      attributes: {num_heads: 2},
      stated: {because: 'ONNX Runtime takes packed K and V on the GPU only', types: [['float32', [2, 3, 8]]]},
    },
    {
      inputs: [f(2, 3, 8), f(2, 3, 8), f(2, 3, 8), undefined, undefined, undefined, f(2, 2, 5, 4), f(2, 2, 5, 4)],
      attributes: {num_heads: 2},
      outputs: 3,
    },
  ],
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
  EmbedLayerNormalization: [
    {
      inputs: [
        {dtype: 'int32', shape: [2, 3]},
        {dtype: 'int32', shape: [2, 3], limit: 2},
        ones('float32', 9, 4),
        ones('float32', 5, 4),
        ones('float32', 2, 4),
        ones('float32', 4),
        ones('float32', 4),
      ],
      outputs: 3,
    },
  ],
  QEmbedLayerNormalization: [
    {
      inputs: [
        {dtype: 'int32', shape: [2, 3]},
        {dtype: 'int32', shape: [2, 3], limit: 2},
        ones('uint8', 9, 4),
        ones('uint8', 5, 4),
        ones('uint8', 2, 4),
        ones('uint8', 4),
        ones('uint8', 4),
        undefined,
        ...Array.from({length: 5}, () => one(0.5)),
        ...Array.from({length: 5}, () => one(3, 'uint8')),
      ],
      outputs: 2,
    },
  ],
  GatherBlockQuantized: [
    {
      inputs: [ones('uint8', 6, 16), indices(6, 2, 3), ones('float32', 6, 2)],
      attributes: {block_size: 16, quantize_axis: 1},
    },
  ],
  QLinearReduceMean: [
    {
      inputs: unary[0]?.inputs ?? [],
      attributes: {axes: [-1], keepdims: 0},
      stated: {because: 'ONNX Runtime has the definition but no kernel', types: [['uint8', [2]]]},
    },
  ],
  QLinearWhere: [
    {
      inputs: [ones('bool', 3, 1), ...scaled(of('uint8', 2, 1, 4)), ...scaled(of('uint8', 1)), one(1), one(0, 'uint8')],
    },
  ],
  QLinearConv: [
    {
      inputs: [
        ...scaled(of('uint8', 1, 7, 8, 2)),
        ones('int8', 3, 2, 3, 3),
        one(0.5),
        one(0, 'int8'),
        one(1),
        one(3, 'uint8'),
      ],
      attributes: {channels_last: 1, strides: [2, 2]},
    },
  ],
  NhwcMaxPool: [{inputs: [of('uint8', 1, 7, 8, 2)], attributes: {kernel_shape: [3, 2], strides: [2, 2]}}],
  TransposeMatMul: [{inputs: [f(2, 4, 3), f(2, 5, 4)], attributes: {transA: 1, transB: 1}}],
  MatMulBnb4: [
    {
      inputs: [f(3, 32), ones('uint8', 80), ones('float32', 10)],
      attributes: {K: 32, N: 5, block_size: 16, quant_type: 1},
    },
  ],
  RotaryEmbedding: [
    {inputs: [f(2, 3, 8), indices(5, 2, 3), ones('float32', 5, 2), ones('float32', 5, 2)], attributes: {num_heads: 2}},
  ],
  BiasSoftmax: [
    {
      inputs: [f(2, 3, 4), f(2, 3, 4)],
      attributes: {axis: 2, is_inner_broadcast: 0},
      stated: {because: 'ONNX Runtime has a kernel on the GPU only', types: [['float32', [2, 3, 4]]]},
    },
  ],
  GroupNorm: [
    {
      inputs: [f(1, 2, 2, 4), ones('float32', 4), ones('float32', 4)],
      attributes: {groups: 2, activation: 0},
      stated: {because: 'ONNX Runtime has a kernel on the GPU only', types: [['float32', [1, 2, 2, 4]]]},
    },
  ],
  SkipGroupNorm: [
    {
      inputs: [f(1, 2, 2, 4), ones('float32', 4), ones('float32', 4), f(1, 2, 2, 4)],
      attributes: {groups: 2, activation: 0},
      outputs: 2,
      stated: {
        because: 'ONNX Runtime has a kernel on the GPU only',
        types: [
          ['float32', [1, 2, 2, 4]],
          ['float32', [1, 2, 2, 4]],
        ],
      },
    },
  ],
  Inverse: [{inputs: [tensorOf('float32', [2, 2], Float32Array.of(1, 0, 0, 1))]}],
  Trilu: [{inputs: [f(3, 4)]}],
  GridSample: [{inputs: [f(2, 3, 5, 6), f(2, 7, 8, 2)]}],
  Conv: [
    {
      inputs: [f(1, 16, 7, 8), ones('float32', 32, 16, 3, 3), ones('float32', 32)],
      attributes: {pads: [1, 1, 1, 1], strides: [2, 1], activation: 'Relu'},
    },
  ],
  MaxPool: [{inputs: [f(1, 16, 7, 8)], attributes: {kernel_shape: [3, 3], strides: [2, 2]}}],
  AveragePool: [{inputs: [f(1, 16, 7, 8)], attributes: {kernel_shape: [3, 3], pads: [1, 1, 1, 1]}}],
  GlobalMaxPool: [{inputs: [f(1, 16, 7, 8)]}],
  GlobalAveragePool: [{inputs: [f(1, 16, 7, 8)]}],
  Upsample: [{inputs: [f(1, 16, 7, 8)], attributes: {scales: [1, 1, 2, 3]}}],
  ReorderInput: [{inputs: [f(1, 16, 7, 8)]}, {inputs: [f(1, 7, 8, 16)], attributes: {channels_last: 1}}],
  ReorderOutput: [
    {inputs: [f(1, 16, 7, 8)], attributes: {channels: 13}},
    {inputs: [f(1, 16, 7, 8)], attributes: {channels: 13, channels_last: 1}},
  ],
}
