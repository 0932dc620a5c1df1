import * as file from '../../../src/ops/contrib/skip-layer-normalization.js'
import {f, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    SkipLayerNormalization: [
      {inputs: [f(2, 3, 4), f(2, 3, 4), ones('float32', 4), ones('float32', 4)]},
      {inputs: [f(2, 3, 4), f(2, 3, 4), ones('float32', 4), ones('float32', 4), ones('float32', 4)], outputs: 4},
    ],
    SkipSimplifiedLayerNormalization: [{inputs: [f(2, 3, 4), f(2, 3, 4), ones('float32', 4)], outputs: 4}],
  },
})
