import * as file from '../../../src/ops/normalization/norms.js'
import {f} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    'LRN 1': [{inputs: [f(2, 3, 4, 5)], attributes: {size: 3}}],
  },
  gradients: {
    MeanVarianceNormalization: [{inputs: [moving(2, 3, 4, 2)]}, {inputs: [moving(3, 4)], attributes: {axes: [0]}}],
  },
})
