import * as file from '../../../src/ops/movement/transpose.js'
import {f} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {floatInput} from '../../support/operators/gradient-cases.js'

describeOperators(file, {
  shapes: {
    'Transpose 1': [{inputs: [f(2, 3, 4)]}, {inputs: [f(2, 3, 4)], attributes: {perm: [1, 2, 0]}}],
  },
  gradients: {
    Transpose: [{inputs: [floatInput]}, {inputs: [floatInput], attributes: {perm: [1, 2, 0]}}],
  },
})
