import * as file from '../../../src/ops/activation/dropout.js'
import {f, one} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    'Dropout 10': [{inputs: [f(2, 3)], outputs: 2}],
    'Dropout 1': [{inputs: [f(2, 3)], outputs: 1}],
  },
  gradients: {
    Dropout: [
      {inputs: [moving(3, 4)]},
      {inputs: [moving(3, 4), one(0.4), one(0, 'bool')]},
      {inputs: [moving(3, 4), one(0), one(1, 'bool')], outputs: 2},
    ],
  },
})
