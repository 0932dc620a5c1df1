import * as file from '../../../src/ops/activation/prelu.js'
import {f, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving} from '../../support/operators/gradient-trial.js'
import {BEFORE_7} from '../../support/operators/shape-cases.js'

describeOperators(file, {
  shapes: {
    'PRelu 7': [{inputs: [f(2, 3, 4), ones('float32', 3, 1)]}],
    'PRelu 1': [
      {inputs: [f(2, 3, 4), ones('float32', 3)], stated: {because: BEFORE_7, types: [['float32', [2, 3, 4]]]}},
    ],
  },
  gradients: {
    PRelu: [{inputs: [moving(2, 3, 4), moving(3, 1)]}, {inputs: [moving(2, 3), moving(1)]}],
  },
})
