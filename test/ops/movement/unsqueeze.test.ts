import * as file from '../../../src/ops/movement/unsqueeze.js'
import {f, ints} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {floatInput} from '../../support/operators/gradient-cases.js'

describeOperators(file, {
  shapes: {
    'Unsqueeze 13': [{inputs: [f(2, 3), ints(0, 3)]}, {inputs: [f(2, 3), ints(-1)]}],
    'Unsqueeze 1': [{inputs: [f(2, 3)], attributes: {axes: [1, 2]}}],
  },
  gradients: {
    Unsqueeze: [{inputs: [floatInput, ints(0, -1)]}],
  },
})
