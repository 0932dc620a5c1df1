import * as file from '../../../src/ops/movement/non-max-suppression.js'
import {f, ints, one} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'NonMaxSuppression 10': [{inputs: [f(1, 6, 4), f(1, 2, 6), ints(3), one(0.5), one(0)]}],
  },
})
