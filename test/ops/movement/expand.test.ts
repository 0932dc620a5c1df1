import * as file from '../../../src/ops/movement/expand.js'
import {f, ints} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    'Expand 8': [{inputs: [f(2, 1), ints(3, 2, 4)]}, {inputs: [f(2, 3), ints(1)]}],
  },
  gradients: {
    Expand: [{inputs: [moving(3, 1), ints(2, 1, 4)]}, {inputs: [moving(3, 4), ints(1, 4)]}],
  },
})
