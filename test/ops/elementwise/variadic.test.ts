import * as file from '../../../src/ops/elementwise/variadic.js'
import {f, type OpCase} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {type GradientCase, moving} from '../../support/operators/gradient-trial.js'

const variadic: readonly OpCase[] = [{inputs: [f(2, 1, 4), f(3, 1), f(1)]}]
const movingSeveral: readonly GradientCase[] = [
  {inputs: [moving(2, 1, 4), moving(3, 1), moving(1)]},
  {inputs: [moving(2, 3)]},
]

describeOperators(file, {
  shapes: {
    'Max 1': variadic,
    'Mean 1': variadic,
    'Min 1': variadic,
    'Sum 1': variadic,
  },
  gradients: {
    Max: movingSeveral,
    Mean: movingSeveral,
    Min: movingSeveral,
    Sum: movingSeveral,
  },
})
