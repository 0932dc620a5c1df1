import {tensorOf} from '../../../src/ir/tensor.js'
import * as file from '../../../src/ops/contrib/same-as-input.js'
import {f, indices, one, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    Trilu: [{inputs: [f(3, 4)]}],
    GridSample: [{inputs: [f(2, 3, 5, 6), f(2, 7, 8, 2)]}],
    RotaryEmbedding: [
      {
        inputs: [f(2, 3, 8), indices(5, 2, 3), ones('float32', 5, 2), ones('float32', 5, 2)],
        attributes: {num_heads: 2},
      },
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
    Inverse: [{inputs: [tensorOf('float32', [2, 2], Float32Array.of(1, 0, 0, 1))]}],
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
  },
  gradients: {
    Trilu: [{inputs: [moving(3, 4)]}, {inputs: [moving(2, 3, 4), one(1, 'int64')], attributes: {upper: 0}}],
  },
})
