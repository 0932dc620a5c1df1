import * as file from '../../../src/ops/movement/range.js'
import {one} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'Range 11': [
      {inputs: [one(2, 'int64'), one(11, 'int64'), one(3, 'int64')]},
      {inputs: [one(1.5), one(4), one(0.5)]},
      {inputs: [one(9, 'int32'), one(-1, 'int32'), one(-2, 'int32')]},
      {inputs: [one(5, 'int64'), one(1, 'int64'), one(1, 'int64')]},
    ],
  },
})
