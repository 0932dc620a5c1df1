import {record} from '../record.js'
import {KEPT_FLOAT, sameAsFirst} from '../slots.js'
import {tieRotated} from './tie-heads.js'

/** RotaryEmbedding: pairs of features turned by an angle that grows with the position. ONNX RotaryEmbedding-23. */
export const rotaryEmbedding = record({
  type: 'RotaryEmbedding',
  sinceOpset: 23,
  infer: sameAsFirst,
  quantize: KEPT_FLOAT,
  prune: tieRotated,
})
