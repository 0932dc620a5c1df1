import * as file from '../../../src/ops/elementwise/mul.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {movingPair} from '../../support/operators/gradient-cases.js'
import {legacy, pair} from '../../support/operators/shape-cases.js'

describeOperators(file, {
  shapes: {
    'Mul 7': pair,
    'Mul 1': legacy,
  },
  gradients: {
    Mul: movingPair,
  },
})
