import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'

const NORMALIZED = 'a mean and a variance of 8-bit values lose the task of encoders: never on integers'
const PEAKED = 'its values span many powers of two, 8 bits keep two: never on integers'
const CURVED = 'its tail is finer than a step of 8 bits: never on integers'

/**
 * Operators of encoders that no plan puts on integers, with the reason: of a vision transformer with all of them on integers a quarter of
 * the accuracy is left.
 *
 * @see Liu et al. 2021, arXiv:2106.14156 and Lin et al. 2022, arXiv:2111.13824, for what becomes of LayerNorm, Softmax and GELU.
 */
const FLOAT_BY_RULE: ReadonlyMap<string, string> = new Map([
  ...[
    ...['LayerNormalization', 'SimplifiedLayerNormalization', 'RMSNormalization', 'GroupNormalization'],
    ...['SkipLayerNormalization', 'SkipSimplifiedLayerNormalization', 'InstanceNormalization'],
  ].map((op) => [op, NORMALIZED] as const),
  ...['Softmax', 'LogSoftmax'].map((op) => [op, PEAKED] as const),
  ...['Gelu', 'FastGelu', 'BiasGelu', 'QuickGelu', 'Erf'].map((op) => [op, CURVED] as const),
])

/** The nodes of a graph that stay float whatever is asked, for a plan to say so. */
export function floatByRule(graph: Graph): Map<Node, string> {
  return new Map(
    graph.allNodes().flatMap((node) => {
      const reason = FLOAT_BY_RULE.get(node.opType)
      return reason === undefined ? [] : [[node, reason] as const]
    }),
  )
}
