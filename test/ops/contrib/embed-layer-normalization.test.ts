import * as file from '../../../src/ops/contrib/embed-layer-normalization.js'
import {one, ones} from '../../support/operators/case.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file, {
  shapes: {
    EmbedLayerNormalization: [
      {
        inputs: [
          {dtype: 'int32', shape: [2, 3]},
          {dtype: 'int32', shape: [2, 3], limit: 2},
          ones('float32', 9, 4),
          ones('float32', 5, 4),
          ones('float32', 2, 4),
          ones('float32', 4),
          ones('float32', 4),
        ],
        outputs: 3,
      },
    ],
    QEmbedLayerNormalization: [
      {
        inputs: [
          {dtype: 'int32', shape: [2, 3]},
          {dtype: 'int32', shape: [2, 3], limit: 2},
          ones('uint8', 9, 4),
          ones('uint8', 5, 4),
          ones('uint8', 2, 4),
          ones('uint8', 4),
          ones('uint8', 4),
          undefined,
          ...Array.from({length: 5}, () => one(0.5)),
          ...Array.from({length: 5}, () => one(3, 'uint8')),
        ],
        outputs: 2,
      },
    ],
  },
})
