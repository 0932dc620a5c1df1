import * as file from '../../../src/ops/movement/center-crop-pad.js'
import {f, ints} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    'CenterCropPad 18': [{inputs: [f(5, 6), ints(3, 8)]}, {inputs: [f(5, 6, 2), ints(3)], attributes: {axes: [-2]}}],
  },
})
