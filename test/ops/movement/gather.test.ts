import {int64} from '../../../src/ir/tensor.js'
import * as file from '../../../src/ops/movement/gather.js'
import {f, indices, ints, one} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    'Gather 1': [
      {inputs: [f(5, 6), indices(5, 2, 3)]},
      {inputs: [f(5, 6), indices(6, 2)], attributes: {axis: -1}},
      {inputs: [f(5, 6), one(2, 'int64')]},
    ],
    'GatherElements 11': [{inputs: [f(5, 6), indices(5, 2, 6)]}],
    'GatherND 11': [
      {inputs: [f(5, 6, 2), indices(5, 3, 2)]},
      {inputs: [f(3, 6, 2), indices(6, 3, 4, 1)], attributes: {batch_dims: 1}, opset: 12},
    ],
  },
  gradients: {
    Gather: [
      {inputs: [moving(5, 3), int64([0, 4, 4, -1], [2, 2])]},
      {inputs: [moving(2, 5, 3), ints(0, 4, 4)], attributes: {axis: 1}},
      {inputs: [moving(2, 5), int64([1, 1, 3, 0], [2, 2])], attributes: {axis: -1}},
      {inputs: [moving(2, 5), one(2, 'int64')], attributes: {axis: 1}},
    ],
    GatherElements: [{inputs: [moving(3, 4), int64([0, 1, 1, 2, 3, 3], [3, 2])], attributes: {axis: 1}}],
    GatherND: [{inputs: [moving(3, 4, 2), int64([0, 1, 2, 3, 0, 1], [3, 2])]}],
  },
})
