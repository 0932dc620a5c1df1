import * as file from '../../../src/ops/recurrent/gru.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {inDirections} from '../../support/operators/gradient-cases.js'
import {recurrent} from '../../support/operators/shape-cases.js'

describeOperators(file, {
  shapes: {
    'GRU 1': recurrent(3, 2),
  },
  gradients: {
    GRU: [...inDirections(3, 2), ...inDirections(3, 2, {linear_before_reset: 1})],
  },
})
