import {float} from '../../../src/ir/attribute.js'
import {f, type OpCase, of, one, ones} from './case.js'

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
}
