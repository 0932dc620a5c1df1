import * as file from '../../../src/ops/elementwise/pow.js'
import {floats, one} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving, within} from '../../support/operators/gradient-trial.js'
import {legacy, pair} from '../../support/operators/shape-cases.js'

describeOperators(file, {
  shapes: {
    'Pow 7': pair,
    'Pow 1': legacy,
  },
  gradients: {
    Pow: [
      {inputs: [within(0.5, 2, 2, 1, 4), within(-2, 3, 3, 1)]},
      {inputs: [moving(3, 4), one(2)]},
      {inputs: [moving(3, 4), one(3, 'int64')]},
      {inputs: [within(0.5, 2, 3), floats(0, 1, 0.5)]},
    ],
  },
})
