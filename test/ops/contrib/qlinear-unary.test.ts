import * as file from '../../../src/ops/contrib/qlinear-unary.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {unary} from '../../support/operators/shape-cases.js'

describeOperators(file, {
  shapes: {
    QLinearSoftmax: [{...unary[0], inputs: unary[0]?.inputs ?? [], attributes: {opset: 13}}],
    QLinearLeakyRelu: unary,
    QLinearSigmoid: unary,
  },
})
