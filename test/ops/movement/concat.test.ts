import * as file from '../../../src/ops/movement/concat.js'
import {f} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving} from '../../support/operators/gradient-trial.js'
import {BEFORE_7} from '../../support/operators/shape-cases.js'

describeOperators(file, {
  shapes: {
    'Concat 4': [
      {inputs: [f(2, 3), f(2, 4)], attributes: {axis: 1}},
      {inputs: [f(2, 3), f(5, 3)], attributes: {axis: -2}},
    ],
    'Concat 1': [{inputs: [f(2, 3), f(2, 4)], stated: {because: BEFORE_7, types: [['float32', [2, 7]]]}}],
  },
  gradients: {
    Concat: [
      {inputs: [moving(2, 3), moving(2, 1), moving(2, 2)], attributes: {axis: -1}},
      {inputs: [moving(2, 3)], attributes: {axis: 0}},
    ],
  },
})
