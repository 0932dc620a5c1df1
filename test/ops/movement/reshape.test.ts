import * as file from '../../../src/ops/movement/reshape.js'
import {f, ints} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {floatInput} from '../../support/operators/gradient-cases.js'
import {BEFORE_7} from '../../support/operators/shape-cases.js'

describeOperators(file, {
  shapes: {
    'Reshape 5': [
      {inputs: [f(2, 3, 4), ints(0, -1)]},
      {inputs: [f(2, 3, 4), ints(4, 6)]},
      {inputs: [f(2, 0, 4), ints(0, 3, 4)], attributes: {allowzero: 1}},
    ],
    'Reshape 1': [
      {inputs: [f(2, 6)], attributes: {shape: [3, -1]}, stated: {because: BEFORE_7, types: [['float32', [3, 4]]]}},
    ],
  },
  gradients: {
    Reshape: [{inputs: [floatInput, ints(4, -1)]}, {inputs: [floatInput, ints(0, -1)]}],
  },
})
