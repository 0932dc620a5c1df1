import * as file from '../../../src/ops/signal/windows.js'
import {type OpCase, one} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

const window: readonly OpCase[] = [
  {inputs: [one(9, 'int64')]},
  {inputs: [one(9, 'int64')], attributes: {output_datatype: 11, periodic: 0}},
]

describeOperators(file, {
  shapes: {
    'MelWeightMatrix 17': [
      {inputs: [one(8, 'int64'), one(16, 'int64'), one(8192, 'int64'), one(0), one(4096)]},
      {
        inputs: [one(8, 'int64'), one(16, 'int64'), one(8192, 'int64'), one(0), one(4096)],
        attributes: {output_datatype: 11},
      },
    ],
    'BlackmanWindow 17': window,
    'HammingWindow 17': window,
    'HannWindow 17': window,
  },
})
