import * as file from '../../../src/ops/contrib/qgemm.js'
import {of, one, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {scaled} from '../../support/operators/shape-cases.js'

describeOperators(file, {
  shapes: {
    QGemm: [
      {
        inputs: [...scaled(of('uint8', 2, 3)), ones('int8', 4, 3), one(0.5), one(0, 'int8'), ones('int32', 4)],
        attributes: {transB: 1},
      },
      {
        inputs: [
          ...scaled(of('uint8', 2, 3)),
          ones('int8', 3, 4),
          one(0.5),
          one(0, 'int8'),
          ones('int32', 4),
          one(1),
          one(0, 'uint8'),
        ],
      },
    ],
  },
})
