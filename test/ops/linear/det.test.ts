import * as file from '../../../src/ops/linear/det.js'
import {f} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'Det 11': [{inputs: [f(3, 4, 4)]}, {inputs: [f(4, 4)]}],
  },
})
