import * as file from '../../../src/ops/activation/softmax.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {withAttributes} from '../../support/operators/gradient-cases.js'

describeOperators(file, {
  gradients: {
    LogSoftmax: withAttributes({}, {axis: 0}),
    Softmax: withAttributes({}, {axis: 0}),
  },
})
