import {NO_PARAMETERS, type OpSpec} from '../op-spec.js'
import {operand} from '../operand.js'
import {NO_GRADIENT_YET, NO_INTEGER_KERNEL, noMacs} from '../slots.js'
import {tieChannels} from '../ties.js'

/** RoiAlign: each region of interest pooled to [rois, C, output_height, output_width]. ONNX RoiAlign-10, 16, 22. */
export const roiAlign: OpSpec = {
  type: 'RoiAlign',
  sinceOpset: 10,
  infer(node) {
    const [x, rois] = [operand(node, 0), operand(node, 1)]
    const size = [node.int('output_height', 1), node.int('output_width', 1)]
    return [{dtype: x.dtype, shape: [rois.shape?.[0], x.shape?.[1], ...size]}]
  },
  parameters: NO_PARAMETERS,
  gradient: NO_GRADIENT_YET,
  quantize: NO_INTEGER_KERNEL,
  prune: tieChannels,
  macs: noMacs,
}
