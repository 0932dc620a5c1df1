import * as file from '../../../src/ops/linear/matmul.js'
import {f} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving, weight} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    'MatMul 1': [
      {inputs: [f(2, 1, 3, 4), f(5, 4, 6)]},
      {inputs: [f(4), f(4, 6)]},
      {inputs: [f(2, 3, 4), f(4)]},
      {inputs: [f(4), f(4)]},
    ],
  },
  gradients: {
    MatMul: [
      {inputs: [moving(2, 1, 3, 4), moving(5, 4, 6)]},
      {inputs: [moving(3, 4), moving(4, 2)]},
      {inputs: [moving(2, 5, 3, 4), weight(4, 2)]},
      {inputs: [moving(3, 4), moving(2, 4, 2)]},
      {inputs: [moving(4), moving(4, 6)]},
      {inputs: [moving(2, 3, 4), moving(4)]},
      {inputs: [moving(4), moving(4)]},
      {inputs: [moving(4), moving(2, 4, 3)]},
    ],
  },
})
