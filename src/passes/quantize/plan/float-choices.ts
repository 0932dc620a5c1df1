import type {Graph} from '../../../ir/graph.js'
import type {Node} from '../../../ir/node.js'
import type {SizeOf} from '../kernels/free-dims.js'
import {isDepthwise} from '../kernels/is-depthwise.js'
import type {Tuning} from './alternatives.js'
import {floatPrefixes} from './float-prefix.js'
import {floatStem} from './float-stem.js'

/** Reasons by node. */
type Reasons = ReadonlyMap<Node, string>

const BY_TIMING = 'float by --tune, which timed it'

/** The first layers that stay float: by rule, or as far as `--tune` says. */
export function firstFloats(graph: Graph, {floatPrefix}: Tuning, sizeOf: SizeOf): Reasons {
  if (floatPrefix === undefined) return floatStem(graph, sizeOf)
  const prefixes = floatPrefixes(graph)
  return reasons(prefixes[Math.min(floatPrefix, prefixes.length) - 1]?.nodes ?? [], BY_TIMING)
}

/** Other nodes that static quantization leaves in float. */
export function otherFloats(graph: Graph, {staticProducts, floatDepthwise, floatHead}: Tuning): Reasons {
  const weighted = graph.nodes().filter(({opType}) => WEIGHTED.has(opType))
  return new Map([
    ...(staticProducts ? [] : dynamicByChoice(graph)),
    ...(floatDepthwise ? reasons(graph.nodes().filter(isDepthwise), BY_TIMING) : []),
    ...(floatHead ? reasons(weighted.slice(-1), BY_TIMING) : []),
  ])
}

const WEIGHTED: ReadonlySet<string> = new Set(['Conv', 'Gemm', 'MatMul'])

function reasons(nodes: readonly Node[], reason: string): Map<Node, string> {
  return new Map(nodes.map((node) => [node, reason]))
}

/** MatMuls of sequences run faster and more exactly with dynamic activations: their bias fuses, static's does not. */
function dynamicByChoice(graph: Graph): Reasons {
  const sequences = graph.nodes().filter((node) => node.opType === 'MatMul' && rankOf(node) > 2)
  return reasons(sequences, 'a MatMul of sequences: dynamic activations are faster')
}

function rankOf(node: Node): number {
  const type = node.inputs[0]?.type
  return type?.kind === 'tensor' ? (type.shape?.length ?? 0) : 0
}
