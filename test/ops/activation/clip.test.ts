import * as file from '../../../src/ops/activation/clip.js'
import {f, one} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    'Clip 11': [{inputs: [f(2, 3), one(0), one(6)]}, {inputs: [f(2, 3), undefined, one(6)]}],
  },
  gradients: {
    Clip: [
      {inputs: [moving(3, 4), one(-0.7), one(0.9)]},
      {inputs: [moving(3, 4), undefined, one(0.9)]},
      {inputs: [moving(3, 4)]},
    ],
  },
})
