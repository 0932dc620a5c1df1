import * as file from '../../../src/ops/elementwise/functions.js'
import {f, of} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {between} from '../../support/operators/gradient-cases.js'

describeOperators(file, {
  shapes: {
    'BitwiseNot 18': [{inputs: [of('int32', 2, 3)]}],
    'Not 1': [{inputs: [of('bool', 2, 3)]}],
    'Acosh 9': [{inputs: [f(2, 3)]}],
  },
  gradients: {
    Acos: between(-0.8, 0.8),
    Acosh: between(1.2, 3),
    Asin: between(-0.8, 0.8),
    Atanh: between(-0.8, 0.8),
    Log: between(0.5, 3),
    Reciprocal: between(0.5, 3),
    Sqrt: between(0.5, 3),
    Tan: between(-1, 1),
  },
})
