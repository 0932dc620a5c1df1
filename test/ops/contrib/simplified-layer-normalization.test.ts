import * as file from '../../../src/ops/contrib/simplified-layer-normalization.js'
import {f, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {moving, weight} from '../../support/operators/gradient-trial.js'

describeOperators(file, {
  shapes: {
    'SimplifiedLayerNormalization 1': [{inputs: [f(2, 3, 4), ones('float32', 4)], outputs: 2, opset: 17}],
  },
  gradients: {
    SimplifiedLayerNormalization: [{inputs: [moving(3, 2, 4), weight(4)]}],
  },
})
