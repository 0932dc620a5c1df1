import {NO_CHANNELS, NO_GRADIENT, NO_INTEGER_KERNEL} from '../slots.js'
import {movement} from './move.js'

/** NonMaxSuppression: [found, 3] indices (batch, class, box) of boxes that overlap no better one. ONNX NonMaxSuppression-10, 11. */
export const nonMaxSuppression = movement({
  type: 'NonMaxSuppression',
  sinceOpset: 10,
  infer: () => [{dtype: 'int64', shape: [undefined, 3]}],
  gradient: NO_GRADIENT,
  quantize: NO_INTEGER_KERNEL,
  prune: NO_CHANNELS,
})
