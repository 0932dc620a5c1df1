import * as file from '../../../src/ops/movement/col2im.js'
import {f, ints} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'Col2Im 18': [{inputs: [f(1, 8, 6), ints(3, 4), ints(2, 2)]}, {inputs: [f(1, 5, 5), ints(5, 5), ints(1, 5)]}],
  },
})
