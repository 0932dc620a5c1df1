import {NO_CHANNELS, NO_GRADIENT, NOT_FLOAT} from '../slots.js'
import {movement} from './move.js'

/** ImageDecoder: an encoded image to [height, width, channels] in uint8. ONNX ImageDecoder-20. */
export const imageDecoder = movement({
  type: 'ImageDecoder',
  sinceOpset: 20,
  infer: (node) => [
    {dtype: 'uint8', shape: [undefined, undefined, node.string('pixel_format', 'RGB') === 'Grayscale' ? 1 : 3]},
  ],
  gradient: NO_GRADIENT,
  quantize: NOT_FLOAT,
  prune: NO_CHANNELS,
})
