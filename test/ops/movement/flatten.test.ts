import * as file from '../../../src/ops/movement/flatten.js'
import {f} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {floatInput} from '../../support/operators/gradient-cases.js'

describeOperators(file, {
  shapes: {
    'Flatten 1': [
      {inputs: [f(2, 3, 4)]},
      {inputs: [f(2, 3, 4)], attributes: {axis: 0}},
      {inputs: [f(2, 3, 4)], attributes: {axis: -1}},
      {inputs: [f(2, 3)], attributes: {axis: 2}},
    ],
  },
  gradients: {
    Flatten: [{inputs: [floatInput]}, {inputs: [floatInput], attributes: {axis: 2}}],
  },
})
