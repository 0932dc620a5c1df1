import * as file from '../../../src/ops/movement/unique.js'
import {f} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'Unique 11': [
      {inputs: [f(2, 3)], outputs: 4},
      {inputs: [f(2, 3)], attributes: {axis: -1}, outputs: 4},
    ],
  },
})
