import * as file from '../../../src/ops/elementwise/add.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {movingPair} from '../../support/operators/gradient-cases.js'
import {legacy, pair} from '../../support/operators/shape-cases.js'

describeOperators(file, {
  shapes: {
    'Add 7': pair,
    'Add 1': legacy,
  },
  gradients: {
    Add: movingPair,
  },
})
