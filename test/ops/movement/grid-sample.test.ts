import * as file from '../../../src/ops/movement/grid-sample.js'
import {f} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'GridSample 16': [{inputs: [f(2, 3, 5, 6), f(2, 7, 8, 2)]}, {inputs: [f(2, 3, 4, 5, 6), f(2, 7, 8, 9, 3)]}],
  },
})
