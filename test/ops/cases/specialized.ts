import {tensorOf} from '../../../src/ir/tensor.js'
import {type CaseInput, f, floats, indices, ints, type OpCase, of, one, ones} from './case.js'

const words = (...texts: string[]): CaseInput => tensorOf('string', [texts.length], texts)
const NO_KERNEL = 'ONNX Runtime has no kernel for it on the CPU'

const tfIdf = {
  mode: 'TF',
  min_gram_length: 1,
  max_gram_length: 1,
  max_skip_count: 0,
  ngram_counts: [0],
  ngram_indexes: [0, 3, 1],
  pool_int64s: [2, 3, 5],
}
const window: readonly OpCase[] = [
  {inputs: [one(9, 'int64')]},
  {inputs: [one(9, 'int64')], attributes: {output_datatype: 11, periodic: 0}},
]
const random: readonly OpCase[] = [
  {inputs: [], attributes: {shape: [2, 3]}, opset: 21},
  {inputs: [], attributes: {shape: [4], dtype: 11}, opset: 21},
]
/** ONNX Runtime 1.30 has the kernels of before opset 22. */
const randomLike: readonly OpCase[] = [
  {inputs: [f(2, 3)], opset: 21},
  {inputs: [f(2, 3)], attributes: {dtype: 11}, opset: 21},
]

/** Signals, texts, random numbers, losses and attention, by operator and the `sinceOpset` of its record. */
export const SPECIALIZED_CASES: Readonly<Record<string, readonly OpCase[]>> = {
  'DFT 17': [
    {inputs: [f(2, 8, 1)]},
    {inputs: [f(2, 8, 1), one(6, 'int64')], attributes: {onesided: 1}},
    {inputs: [f(2, 5, 8, 2)], attributes: {axis: 2, inverse: 1}},
  ],
  'DFT 20': [
    {inputs: [f(2, 8, 1)]},
    {inputs: [f(2, 9, 1)], attributes: {onesided: 1}},
    {inputs: [f(2, 5, 8, 2), undefined, one(1, 'int64')]},
  ],
  'STFT 17': [
    {inputs: [f(1, 64, 1), one(8, 'int64'), ones('float32', 16)]},
    {inputs: [f(2, 61, 1), one(7, 'int64'), undefined, one(16, 'int64')], attributes: {onesided: 0}},
  ],
  'BlackmanWindow 17': window,
  'HammingWindow 17': window,
  'HannWindow 17': window,
  'MelWeightMatrix 17': [
    {inputs: [one(8, 'int64'), one(16, 'int64'), one(8192, 'int64'), one(0), one(4096)]},
    {
      inputs: [one(8, 'int64'), one(16, 'int64'), one(8192, 'int64'), one(0), one(4096)],
      attributes: {output_datatype: 11},
    },
  ],
  'RandomNormal 1': random,
  'RandomUniform 1': random,
  'RandomNormalLike 1': randomLike,
  'RandomUniformLike 1': randomLike,
  'Bernoulli 15': randomLike,
  'Multinomial 7': [
    {inputs: [f(2, 3)], opset: 21},
    {inputs: [f(2, 3)], attributes: {sample_size: 5, dtype: 7}, opset: 21},
  ],
  'NegativeLogLikelihoodLoss 12': [
    {inputs: [f(3, 5, 2), indices(5, 3, 2)], attributes: {reduction: 'none'}, opset: 13},
    {inputs: [f(3, 5), indices(5, 3), ones('float32', 5)], opset: 13},
  ],
  'SoftmaxCrossEntropyLoss 12': [
    {inputs: [f(3, 5, 2), indices(5, 3, 2)], attributes: {reduction: 'none'}, outputs: 2, opset: 13},
    {inputs: [f(3, 5), indices(5, 3)], attributes: {reduction: 'sum'}, opset: 13},
  ],
  'StringNormalizer 10': [
    {inputs: [words('a', 'b', 'c')]},
    {inputs: [words('a', 'b', 'c')], attributes: {stopwords: ['b'], is_case_sensitive: 1}},
  ],
  'StringConcat 20': [{inputs: [tensorOf('string', [2, 1], ['a', 'b']), words('x', 'y', 'z')]}],
  'StringSplit 20': [{inputs: [words('a b', 'c')], outputs: 2}],
  'RegexFullMatch 20': [{inputs: [words('a', 'bb')], attributes: {pattern: 'a+'}}],
  'TfIdfVectorizer 9': [
    {inputs: [indices(6, 4)], attributes: tfIdf},
    {inputs: [indices(6, 2, 4)], attributes: tfIdf},
  ],
  'Det 11': [{inputs: [f(3, 4, 4)]}, {inputs: [f(4, 4)]}],
  'Attention 23': [
    {inputs: [f(2, 3, 5, 8), f(2, 3, 7, 8), f(2, 3, 7, 6)]},
    {
      inputs: [f(2, 5, 24), f(2, 7, 12), f(2, 7, 12)],
      attributes: {q_num_heads: 4, kv_num_heads: 2},
    },
    {inputs: [f(2, 3, 5, 8), f(2, 3, 7, 8), f(2, 3, 7, 8), undefined, f(2, 3, 4, 8), f(2, 3, 4, 8)], outputs: 4},
  ],
  'RotaryEmbedding 23': [{inputs: [f(2, 3, 4, 8), ones('float32', 50, 4), ones('float32', 50, 4), indices(50, 2, 4)]}],
  'RMSNormalization 23': [{inputs: [f(2, 3, 4), ones('float32', 4)]}],
  'DeformConv 19': [
    {
      inputs: [f(1, 2, 5, 5), ones('float32', 3, 2, 2, 2), f(1, 8, 4, 4)],
      attributes: {kernel_shape: [2, 2]},
    },
  ],
  'MaxUnpool 9': [
    {inputs: [f(1, 1, 2, 2), indices(16, 1, 1, 2, 2)], attributes: {kernel_shape: [2, 2], strides: [2, 2]}},
    {
      inputs: [f(1, 1, 2, 2), indices(16, 1, 1, 2, 2), ints(1, 1, 5, 5)],
      attributes: {kernel_shape: [2, 2], strides: [2, 2]},
    },
  ],
  'MaxRoiPool 1': [
    {
      inputs: [f(1, 3, 8, 8), {dtype: 'float32', shape: [2, 5], limit: 1}],
      attributes: {pooled_shape: [3, 2]},
      opset: 21,
    },
  ],
  'Unique 11': [
    {inputs: [f(2, 3)], outputs: 4},
    {inputs: [f(2, 3)], attributes: {axis: -1}, outputs: 4},
  ],
  'CenterCropPad 18': [{inputs: [f(5, 6), ints(3, 8)]}, {inputs: [f(5, 6, 2), ints(3)], attributes: {axes: [-2]}}],
  'Col2Im 18': [{inputs: [f(1, 8, 6), ints(3, 4), ints(2, 2)]}, {inputs: [f(1, 5, 5), ints(5, 5), ints(1, 5)]}],
  'AffineGrid 20': [{inputs: [f(2, 2, 3), ints(2, 3, 5, 6)]}, {inputs: [f(2, 3, 4), ints(2, 3, 4, 5, 6)]}],
  'ImageDecoder 20': [
    {
      inputs: [of('uint8', 9)],
      attributes: {pixel_format: 'Grayscale'},
      stated: {because: NO_KERNEL, types: [['uint8', [4, 5, 1]]]},
    },
  ],
  'TensorScatter 24': [{inputs: [f(2, 3, 8, 4), f(2, 3, 2, 4), ints(1, 2)]}],
  'CumProd 26': [{inputs: [f(2, 5), one(1, 'int64')]}],
  'BitCast 26': [{inputs: [f(2, 3)], attributes: {to: 6}}],
  'Gelu 20': [{inputs: [f(2, 3)], attributes: {approximate: 'tanh'}}],
  'Swish 24': [{inputs: [f(2, 3)]}],
  'Resize 11': [
    {inputs: [f(1, 2, 5, 7), undefined, floats(1, 1, 2, 1.5)]},
    {inputs: [f(1, 2, 5, 7), undefined, undefined, ints(1, 2, 9, 3)], attributes: {mode: 'linear'}},
    {inputs: [f(1, 2, 5, 7), undefined, undefined, ints(9, 3)], attributes: {axes: [2, 3]}},
    {
      inputs: [f(1, 2, 5, 7), undefined, undefined, ints(9, 9)],
      attributes: {axes: [2, 3], keep_aspect_ratio_policy: 'not_larger'},
    },
    {inputs: [f(1, 2, 5, 7), floats(), floats(1, 1, 0.6, 0.3)], opset: 11},
  ],
}
