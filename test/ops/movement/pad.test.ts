import * as file from '../../../src/ops/movement/pad.js'
import {f, ints} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving} from '../../support/operators/gradient-trial.js'
import {BEFORE_7} from '../../support/operators/shape-cases.js'

describeOperators(file, {
  shapes: {
    'Pad 11': [
      {inputs: [f(2, 3), ints(0, 1, 2, 3)]},
      {inputs: [f(2, 3), ints(1, 2), undefined, ints(-1)], opset: 18},
      {inputs: [f(2, 3), ints(0, 1, 2, 3)], attributes: {mode: 'wrap'}},
    ],
    'Pad 1': [
      {
        inputs: [f(2, 3)],
        attributes: {paddings: [0, 1, 2, 3]},
        stated: {because: BEFORE_7, types: [['float32', [4, 7]]]},
      },
    ],
    'Pad 2': [{inputs: [f(2, 3)], attributes: {pads: [0, 1, 2, 3]}}],
  },
  gradients: {
    Pad: [
      {inputs: [moving(2, 3), ints(1, 0, 2, 1)]},
      {inputs: [moving(2, 3), ints(1, -1, 2, 1), moving()]},
      {inputs: [moving(4, 3), ints(1, 2, 2, 1)], attributes: {mode: 'reflect'}},
      {inputs: [moving(4, 3), ints(1, 2, 2, 1)], attributes: {mode: 'edge'}},
      {inputs: [moving(2, 3, 4), ints(1, 2), undefined, ints(-1)], opsets: [18, 24]},
    ],
  },
})
