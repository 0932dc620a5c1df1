import * as file from '../../../src/ops/movement/slice.js'
import {f, ints} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    'Slice 10': [
      {inputs: [f(5, 6), ints(1), ints(4)]},
      {inputs: [f(5, 6), ints(1, 0), ints(-1, 100), ints(0, 1), ints(2, 3)]},
      {inputs: [f(5, 6), ints(-1), ints(-100), ints(1), ints(-2)]},
      {inputs: [f(5, 6), ints(-100), ints(3), ints(-1)]},
      {inputs: [f(5, 6), ints(4), ints(2), ints(0)]},
    ],
    'Slice 1': [
      {inputs: [f(5, 6)], attributes: {starts: [1, -2], ends: [3, 100]}},
      {inputs: [f(5, 6)], attributes: {axes: [1], starts: [0], ends: [-1]}},
    ],
  },
  gradients: {
    Slice: [
      {inputs: [moving(5, 6), ints(1, -4), ints(4, 1000)]},
      {inputs: [moving(5, 6), ints(-1), ints(-1000), ints(1), ints(-2)]},
      {inputs: [moving(5, 6), ints(0), ints(5), ints(0), ints(2)]},
      {inputs: [moving(5, 6), ints(1), ints(3), ints(-1)]},
    ],
  },
})
