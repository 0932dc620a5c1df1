import * as file from '../../../src/ops/movement/split.js'
import {f, ints} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    'Split 13': [
      {inputs: [f(2, 7), ints(3, 4)], attributes: {axis: 1}, outputs: 2},
      {inputs: [f(2, 7)], attributes: {axis: 1, num_outputs: 3}, outputs: 3},
      {inputs: [f(6, 2)], outputs: 3, opset: 13},
    ],
    'Split 1': [
      {inputs: [f(6, 2)], outputs: 2},
      {inputs: [f(2, 6)], attributes: {axis: 1, split: [1, 2, 3]}, outputs: 3},
    ],
  },
  gradients: {
    Split: [
      {inputs: [moving(2, 5), ints(2, 3)], attributes: {axis: 1}, outputs: 2},
      {inputs: [moving(4, 3), ints(1, 2, 1)], attributes: {axis: -2}, outputs: 3},
    ],
  },
})
