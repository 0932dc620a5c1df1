import {float} from '../../../src/ir/attribute.js'
import * as file from '../../../src/ops/activation/leaky-relu.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {withAttributes} from '../../support/operators/gradient-cases.js'

describeOperators(file, {
  gradients: {
    LeakyRelu: withAttributes({}, {alpha: float(0.2)}),
  },
})
