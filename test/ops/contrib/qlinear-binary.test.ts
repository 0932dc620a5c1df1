import * as file from '../../../src/ops/contrib/qlinear-binary.js'
import {type OpCase, of, one} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {scaled} from '../../support/operators/shape-cases.js'

const binary: readonly OpCase[] = [
  {inputs: [...scaled(of('uint8', 2, 1, 4)), ...scaled(of('uint8', 3, 1)), one(1), one(0, 'uint8')]},
]

describeOperators(file, {
  shapes: {
    QLinearAdd: binary,
    QLinearMul: binary,
  },
})
