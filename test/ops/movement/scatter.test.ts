import {int64} from '../../../src/ir/tensor.js'
import * as file from '../../../src/ops/movement/scatter.js'
import {f, indices, ints} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    'Scatter 9': [{inputs: [f(4, 6), indices(4, 1, 6), f(1, 6)], opset: 10}],
    'ScatterElements 11': [{inputs: [f(4, 6), indices(4, 1, 6), f(1, 6)]}],
    'ScatterND 11': [{inputs: [f(4, 6), indices(4, 2, 1), f(2, 6)]}],
    'TensorScatter 24': [{inputs: [f(2, 3, 8, 4), f(2, 3, 2, 4), ints(1, 2)]}],
  },
  gradients: {
    ScatterElements: [
      {inputs: [moving(3, 4), int64([0, 1, 2, 3], [2, 2]), moving(2, 2)], attributes: {axis: 1}},
      {inputs: [moving(3, 4), int64([0, 1, 1, 1], [2, 2]), moving(2, 2)], attributes: {axis: 1, reduction: 'add'}},
    ],
    ScatterND: [
      {inputs: [moving(4, 3), int64([0, 2], [2, 1]), moving(2, 3)]},
      {inputs: [moving(4, 3), int64([2, 2], [2, 1]), moving(2, 3)], attributes: {reduction: 'add'}},
    ],
  },
})
