import * as file from '../../../src/ops/signal/stft.js'
import {f, one, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'STFT 17': [
      {inputs: [f(1, 64, 1), one(8, 'int64'), ones('float32', 16)]},
      {inputs: [f(2, 61, 1), one(7, 'int64'), undefined, one(16, 'int64')], attributes: {onesided: 0}},
    ],
  },
})
