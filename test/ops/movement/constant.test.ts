import * as file from '../../../src/ops/movement/constant.js'
import {ones, tensorAttribute} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'Constant 1': [
      {inputs: [], attributes: {value: tensorAttribute(ones('int8', 2, 3))}},
      {inputs: [], attributes: {value_ints: [1, 2, 3]}},
      {inputs: [], attributes: {value_int: 1}},
      {inputs: [], attributes: {value_float: {type: 'float', value: 1}}},
      {inputs: [], attributes: {value_floats: {type: 'floats', value: [1, 2]}}},
    ],
  },
})
