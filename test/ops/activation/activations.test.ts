import {float} from '../../../src/ir/attribute.js'
import * as file from '../../../src/ops/activation/activations.js'
import {f} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {between, withAttributes} from '../../support/operators/gradient-cases.js'
import {moving, within} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    'Swish 24': [{inputs: [f(2, 3)]}],
    'Gelu 20': [{inputs: [f(2, 3)], attributes: {approximate: 'tanh'}}],
  },
  gradients: {
    Celu: withAttributes({}, {alpha: float(2)}),
    Elu: withAttributes({}, {alpha: float(0.5)}),
    HardSwish: between(-5, 5),
    Selu: withAttributes({}, {alpha: float(1.5), gamma: float(1.2)}),
    Shrink: [{inputs: [moving(4, 5)], attributes: {lambd: float(0.31), bias: float(0.1)}, single: true}],
    Swish: withAttributes({}, {alpha: float(1.5)}),
    ThresholdedRelu: withAttributes({alpha: float(0.31)}),
    'Gelu 20': withAttributes({}, {approximate: 'tanh'}),
    HardSigmoid: [...between(-5, 5), {inputs: [within(-5, 5, 15)], attributes: {alpha: float(0.3), beta: float(0.4)}}],
  },
})
