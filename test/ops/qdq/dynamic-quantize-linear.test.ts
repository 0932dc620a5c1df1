import * as file from '../../../src/ops/qdq/dynamic-quantize-linear.js'
import {f} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'DynamicQuantizeLinear 11': [{inputs: [f(2, 3)], outputs: 3}],
  },
})
