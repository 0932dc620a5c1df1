import * as file from '../../../src/ops/elementwise/sub.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {movingPair} from '../../support/operators/gradient-cases.js'
import {legacy, pair} from '../../support/operators/shape-cases.js'

describeOperators(file, {
  shapes: {
    'Sub 7': pair,
    'Sub 1': legacy,
  },
  gradients: {
    Sub: movingPair,
  },
})
