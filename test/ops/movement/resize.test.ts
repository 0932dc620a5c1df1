import {float32} from '../../../src/ir/tensor.js'
import * as file from '../../../src/ops/movement/resize.js'
import {f, floats, ints} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {type GradientCase, moving} from '../../support/operators/gradient-trial.js'

const resized = (attributes: NonNullable<GradientCase['attributes']>, ...scales: number[]): GradientCase => ({
  inputs: [moving(2, 2, 3, 4), undefined, floats(...scales)],
  attributes,
})

describeOperators(file, {
  shapes: {
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
    'Resize 10': [{inputs: [f(1, 2, 5, 7), floats(1, 1, 2, 0.5)]}],
    'Upsample 7': [{inputs: [f(1, 2, 5, 7)], attributes: {scales: {type: 'floats', value: [1, 1, 2, 3]}}}],
    'Upsample 9': [{inputs: [f(1, 2, 5, 7), floats(1, 1, 2, 3)], opset: 9}],
  },
  gradients: {
    Resize: [
      resized({mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor'}, 1, 1, 2, 2),
      resized({mode: 'nearest'}, 1, 1, 1.5, 0.5),
      resized({mode: 'linear'}, 1, 1, 2, 2),
      resized({mode: 'linear', coordinate_transformation_mode: 'align_corners'}, 1, 1, 2, 1.5),
      {
        inputs: [moving(1, 2, 3, 4), undefined, undefined, ints(1, 2, 5, 6)],
        attributes: {mode: 'linear', coordinate_transformation_mode: 'pytorch_half_pixel'},
      },
      {inputs: [moving(1, 1, 4, 4), undefined, float32([1, 1, 2, 2])], attributes: {mode: 'cubic'}},
    ],
  },
})
