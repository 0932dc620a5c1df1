import * as file from '../../../src/ops/recurrent/lstm.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {inDirections} from '../../support/operators/gradient-cases.js'
import {recurrent} from '../../support/operators/shape-cases.js'

describeOperators(file, {
  shapes: {
    'LSTM 1': recurrent(4, 3),
  },
  gradients: {
    LSTM: inDirections(4, 3),
  },
})
