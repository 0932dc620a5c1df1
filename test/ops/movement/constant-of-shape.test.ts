import * as file from '../../../src/ops/movement/constant-of-shape.js'
import {indices, ints, ones, tensorAttribute} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'ConstantOfShape 9': [
      {inputs: [ints(2, 3)]},
      {inputs: [ints(2, 3)], attributes: {value: tensorAttribute(ones('int32', 1))}},
      {inputs: [indices(2, 0)]},
    ],
  },
})
