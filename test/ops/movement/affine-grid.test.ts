import * as file from '../../../src/ops/movement/affine-grid.js'
import {f, ints} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'AffineGrid 20': [{inputs: [f(2, 2, 3), ints(2, 3, 5, 6)]}, {inputs: [f(2, 3, 4), ints(2, 3, 4, 5, 6)]}],
  },
})
