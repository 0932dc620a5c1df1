import * as file from '../../../src/ops/contrib/qlinear-reduce-mean.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {unary} from '../../support/operators/shape-cases.js'

describeOperators(file, {
  shapes: {
    QLinearReduceMean: [
      {
        inputs: unary[0]?.inputs ?? [],
        attributes: {axes: [-1], keepdims: 0},
        stated: {because: 'ONNX Runtime has the definition but no kernel', types: [['uint8', [2]]]},
      },
    ],
  },
})
