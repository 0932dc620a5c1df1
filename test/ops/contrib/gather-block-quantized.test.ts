import * as file from '../../../src/ops/contrib/gather-block-quantized.js'
import {indices, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    GatherBlockQuantized: [
      {
        inputs: [ones('uint8', 6, 16), indices(6, 2, 3), ones('float32', 6, 2)],
        attributes: {block_size: 16, quantize_axis: 1},
      },
    ],
  },
})
