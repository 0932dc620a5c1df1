import * as file from '../../../src/ops/contrib/fused-conv.js'
import {f, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    FusedConv: [
      {inputs: [f(1, 2, 7, 7), ones('float32', 3, 2, 3, 3)], attributes: {activation: 'Relu', pads: [1, 1, 1, 1]}},
    ],
    FusedGemm: [{inputs: [f(2, 3), f(3, 4), f(4)], attributes: {activation: 'Relu'}}],
  },
})
