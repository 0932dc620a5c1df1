import * as file from '../../../src/ops/contrib/dynamic-quantize-lstm.js'
import {f, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    DynamicQuantizeLSTM: [
      {
        inputs: [
          f(5, 2, 3),
          ones('int8', 2, 3, 16),
          ones('int8', 2, 4, 16),
          undefined,
          undefined,
          undefined,
          undefined,
          undefined,
          ones('float32', 2),
          ones('int8', 2),
          ones('float32', 2),
          ones('int8', 2),
        ],
        attributes: {hidden_size: 4, direction: 'bidirectional'},
        outputs: 3,
      },
    ],
  },
})
