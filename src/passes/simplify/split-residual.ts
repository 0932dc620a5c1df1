import {residualAsSum} from '../quantize/residual-as-sum.js'
import type {Rule} from './rule.js'

/** Sum broadcasts from this opset on, as Add does. */
const FIRST_OPSET = 8

/**
 * Keeps ONNX Runtime from joining a residual Add with the LayerNormalization behind it: simplification makes sizes known, and known
 * sizes make it do so, though its CPU kernel is slower than both (an encoder of 4 layers, d 256: 0.86 of the speed).
 */
export const splitResidual: Rule = {
  name: 'residual-as-sum',
  create: (context) => ({
    name: 'residual-as-sum',
    run(graph) {
      if (context.opsetOf({domain: ''}) < FIRST_OPSET) return {changed: [], skipped: []}
      return residualAsSum.run(graph)
    },
  }),
}
