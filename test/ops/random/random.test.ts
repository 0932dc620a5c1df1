import * as file from '../../../src/ops/random/random.js'
import {f, type OpCase} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

const random: readonly OpCase[] = [
  {inputs: [], attributes: {shape: [2, 3]}, opset: 21},
  {inputs: [], attributes: {shape: [4], dtype: 11}, opset: 21},
]
/** ONNX Runtime 1.30 has the kernels of before opset 22. */
const randomLike: readonly OpCase[] = [
  {inputs: [f(2, 3)], opset: 21},
  {inputs: [f(2, 3)], attributes: {dtype: 11}, opset: 21},
]

describeOperators(file, {
  shapes: {
    'Multinomial 7': [
      {inputs: [f(2, 3)], opset: 21},
      {inputs: [f(2, 3)], attributes: {sample_size: 5, dtype: 7}, opset: 21},
    ],
    'RandomNormal 1': random,
    'RandomUniform 1': random,
    'RandomNormalLike 1': randomLike,
    'RandomUniformLike 1': randomLike,
    'Bernoulli 15': randomLike,
  },
})
