import * as file from '../../../src/ops/recurrent/rnn.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {inDirections} from '../../support/operators/gradient-cases.js'
import {recurrent} from '../../support/operators/shape-cases.js'

describeOperators(file, {
  shapes: {
    'RNN 1': recurrent(1, 2),
  },
  gradients: {
    RNN: inDirections(1, 2),
  },
})
