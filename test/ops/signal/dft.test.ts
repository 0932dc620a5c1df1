import * as file from '../../../src/ops/signal/dft.js'
import {f, one} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'DFT 20': [
      {inputs: [f(2, 8, 1)]},
      {inputs: [f(2, 9, 1)], attributes: {onesided: 1}},
      {inputs: [f(2, 5, 8, 2), undefined, one(1, 'int64')]},
    ],
    'DFT 17': [
      {inputs: [f(2, 8, 1)]},
      {inputs: [f(2, 8, 1), one(6, 'int64')], attributes: {onesided: 1}},
      {inputs: [f(2, 5, 8, 2)], attributes: {axis: 2, inverse: 1}},
    ],
  },
})
