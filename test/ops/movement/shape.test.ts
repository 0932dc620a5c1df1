import * as file from '../../../src/ops/movement/shape.js'
import {f} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'Shape 1': [
      {inputs: [f(2, 3, 4)]},
      {inputs: [f(2, 3, 4)], attributes: {start: 1, end: -1}},
      {inputs: [f(2, 3, 4)], attributes: {start: -2}},
    ],
    'Size 1': [{inputs: [f(2, 3, 4)]}],
  },
})
