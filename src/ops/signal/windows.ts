import type {OpSpec} from '../op-spec.js'
import {record} from '../record.js'
import {NO_CHANNELS, NO_GRADIENT, NOT_FLOAT} from '../slots.js'
import {statedDtype} from '../stated-dtype.js'
import {bins} from './dft.js'

const slots = {gradient: NO_GRADIENT, quantize: NOT_FLOAT, prune: NO_CHANNELS}

/** Window functions of a given length. ONNX BlackmanWindow-17, HammingWindow-17, HannWindow-17. */
export const windows: readonly OpSpec[] = ['BlackmanWindow', 'HammingWindow', 'HannWindow'].map((type) =>
  record({
    type,
    sinceOpset: 17,
    infer: (node, ctx) => [
      {dtype: statedDtype(node, 'output_datatype', 'float32'), shape: [ctx.contentsOf(node.inputs[0])?.[0]]},
    ],
    ...slots,
  }),
)

/** MelWeightMatrix: [dft_length / 2 + 1, num_mel_bins], a filter bank for spectra. ONNX MelWeightMatrix-17. */
export const melWeightMatrix = record({
  type: 'MelWeightMatrix',
  sinceOpset: 17,
  infer(node, ctx) {
    const [mels, length] = [ctx.contentsOf(node.inputs[0])?.[0], ctx.contentsOf(node.inputs[1])?.[0]]
    return [{dtype: statedDtype(node, 'output_datatype', 'float32'), shape: [bins(length), mels]}]
  },
  ...slots,
})
