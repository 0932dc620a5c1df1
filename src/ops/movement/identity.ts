import {tieFirst} from '../ties.js'
import {movement} from './move.js'
import {identityGradient} from './move-gradients.js'

/** Identity: the value under another name; sequences and optionals too. ONNX Identity-1, 13, 14, 16. */
export const identity = movement({
  type: 'Identity',
  sinceOpset: 1,
  infer(node, ctx) {
    const [input] = node.inputs
    if (input?.type?.kind !== 'tensor') return [{type: input?.type}]
    return [{dtype: input.type.dtype, shape: input.type.shape, contents: ctx.contentsOf(input)}]
  },
  gradient: identityGradient,
  prune: tieFirst,
})
