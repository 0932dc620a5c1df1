import * as file from '../../../src/ops/reduction/cumulative.js'
import {f, one} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    'CumProd 26': [{inputs: [f(2, 5), one(1, 'int64')]}],
    'CumSum 11': [{inputs: [f(2, 5), one(1, 'int64')]}],
  },
  gradients: {
    CumSum: [
      {inputs: [moving(3, 5), one(1, 'int64')]},
      {inputs: [moving(3, 5), one(0, 'int64')], attributes: {exclusive: 1, reverse: 1}},
    ],
  },
})
