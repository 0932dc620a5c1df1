import * as file from '../../../src/ops/movement/one-hot.js'
import {floats, indices, ints, one} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'OneHot 9': [
      {inputs: [indices(4, 2, 3), one(5, 'int64'), floats(0, 1)]},
      {inputs: [indices(4, 2, 3), one(5, 'int64'), ints(0, 1)], attributes: {axis: 0}},
    ],
  },
})
