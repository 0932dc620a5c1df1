import * as file from '../../../src/ops/movement/squeeze.js'
import {f, ints} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    'Squeeze 13': [{inputs: [f(1, 3, 1), ints(0)]}, {inputs: [f(1, 3, 1)]}, {inputs: [f(1, 3, 1), ints(-1, 0)]}],
    'Squeeze 1': [{inputs: [f(1, 3, 1)], attributes: {axes: [2]}}, {inputs: [f(1, 3, 1)]}],
  },
  gradients: {
    Squeeze: [{inputs: [moving(2, 1, 3, 1), ints(1, -1)]}, {inputs: [moving(2, 1, 3)]}],
  },
})
