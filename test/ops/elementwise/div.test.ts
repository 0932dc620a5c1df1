import * as file from '../../../src/ops/elementwise/div.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {type GradientCase, moving, within} from '../../support/operators/gradient-trial.js'
import {legacy, pair} from '../../support/operators/shape-cases.js'

const awayFromZero: readonly GradientCase[] = [{inputs: [moving(2, 1, 4), within(0.5, 2, 3, 1)]}]

describeOperators(file, {
  shapes: {
    'Div 7': pair,
    'Div 1': legacy,
  },
  gradients: {
    Div: awayFromZero,
  },
})
