import * as file from '../../../src/ops/movement/image-decoder.js'
import {of} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

const NO_KERNEL = 'ONNX Runtime has no kernel for it on the CPU'

describeOperators(file, {
  shapes: {
    'ImageDecoder 20': [
      {
        inputs: [of('uint8', 9)],
        attributes: {pixel_format: 'Grayscale'},
        stated: {because: NO_KERNEL, types: [['uint8', [4, 5, 1]]]},
      },
    ],
  },
})
