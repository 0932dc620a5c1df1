import * as file from '../../../src/ops/elementwise/where.js'
import {f, of, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    'Where 9': [{inputs: [of('bool', 3, 1), f(2, 1, 4), f(1)]}],
  },
  gradients: {
    Where: [{inputs: [ones('bool', 3, 1), moving(2, 1, 4), moving(1)]}],
  },
})
