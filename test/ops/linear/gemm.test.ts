import * as file from '../../../src/ops/linear/gemm.js'
import {f, floats} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving, weight} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    'Gemm 1': [
      {inputs: [f(2, 3), f(3, 4), f(4)]},
      {inputs: [f(3, 2), f(4, 3), f(2, 1)], attributes: {transA: 1, transB: 1}},
      {inputs: [f(2, 3), f(3, 4)]},
    ],
  },
  gradients: {
    Gemm: [
      {inputs: [moving(2, 3), moving(3, 4), moving(4)]},
      {inputs: [moving(3, 2), moving(4, 3), moving(2, 1)], attributes: {transA: 1, transB: 1}},
      {
        inputs: [moving(2, 3), weight(4, 3), weight(4)],
        attributes: {transB: 1, alpha: {type: 'float', value: 0.5}, beta: {type: 'float', value: 2}},
      },
      {inputs: [moving(3, 2), moving(3, 4), moving()], attributes: {transA: 1}},
      {inputs: [moving(2, 3), floats(...Array(12).keys())].map((input, at) => (at ? weight(3, 4) : input))},
    ],
  },
})
