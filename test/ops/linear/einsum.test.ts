import * as file from '../../../src/ops/linear/einsum.js'
import {f} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    'Einsum 12': [
      {inputs: [f(2, 3, 4), f(2, 4, 5)], attributes: {equation: 'bij, bjk -> bik'}},
      {inputs: [f(3, 4)], attributes: {equation: 'ij'}},
      {inputs: [f(3, 4)], attributes: {equation: 'ij->'}},
      {inputs: [f(1, 3, 4), f(5, 4, 6)], attributes: {equation: '...ij, ...jk -> ...ik'}},
      {inputs: [f(2, 3, 4), f(4)], attributes: {equation: 'b...j, j'}},
      {inputs: [f(3, 5, 5)], attributes: {equation: '...ii -> ...i'}},
    ],
  },
  gradients: {
    Einsum: [
      {inputs: [moving(2, 3, 4), moving(2, 4, 5)], attributes: {equation: 'bij, bjk -> bik'}},
      {inputs: [moving(3, 4)], attributes: {equation: 'ij->'}},
      {inputs: [moving(3, 4)], attributes: {equation: 'ij->ji'}},
      {inputs: [moving(3, 4), moving(4, 2), moving(2)], attributes: {equation: 'ij,jk,k->ik'}},
      {inputs: [moving(2, 3, 4), moving(4)], attributes: {equation: 'bij,j->b'}},
      {inputs: [moving(1, 3, 4), moving(5, 4, 6)], attributes: {equation: '...ij,...jk->...ik'}},
    ],
  },
})
