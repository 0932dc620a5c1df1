import * as file from '../../../src/ops/elementwise/mod.js'
import {of, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'Mod 10': [{inputs: [of('int32', 2, 1), ones('int32', 3)]}],
  },
})
