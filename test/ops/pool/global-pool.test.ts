import * as file from '../../../src/ops/pool/global-pool.js'
import {f} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    'GlobalLpPool 1': [{inputs: [f(2, 3, 4, 5)], opset: 21}],
  },
  gradients: {
    GlobalAveragePool: [{inputs: [moving(2, 3, 4, 2)]}],
    GlobalMaxPool: [{inputs: [moving(2, 3, 4, 2)]}],
  },
})
