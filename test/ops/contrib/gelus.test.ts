import {float} from '../../../src/ir/attribute.js'
import * as file from '../../../src/ops/contrib/gelus.js'
import {f} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {withAttributes} from '../../support/operators/gradient-cases.js'
import {moving, weight} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    BiasGelu: [{inputs: [f(2, 4), f(4)]}],
    FastGelu: [{inputs: [f(2, 4), f(4)]}],
  },
  gradients: {
    BiasGelu: [{inputs: [moving(2, 3), weight(3)]}],
    FastGelu: [{inputs: [moving(2, 3)]}, {inputs: [moving(2, 3), moving(3)]}],
    QuickGelu: withAttributes({}, {alpha: float(1)}),
  },
})
