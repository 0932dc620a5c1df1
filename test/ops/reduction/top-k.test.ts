import * as file from '../../../src/ops/reduction/top-k.js'
import {f, ints} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    'TopK 10': [
      {inputs: [f(2, 5), ints(3)], outputs: 2},
      {inputs: [f(5, 2), ints(3)], attributes: {axis: 0}, outputs: 2},
    ],
    'TopK 1': [{inputs: [f(2, 5)], attributes: {k: 2}, outputs: 2}],
  },
  gradients: {
    TopK: [
      {inputs: [moving(3, 5), ints(2)], outputs: 2},
      {inputs: [moving(5, 3), ints(2)], attributes: {axis: 0, largest: 0}, outputs: 2},
    ],
  },
})
