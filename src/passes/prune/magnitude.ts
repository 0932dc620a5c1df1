import {NonFiniteError} from '../../errors.js'
import type {Graph} from '../../ir/graph.js'
import {
  MAGNITUDE,
  magnitudeBits,
  magnitudeThreshold,
  type Threshold,
  zeroSmallest,
} from '../../ir/magnitude-threshold.js'
import type {Node} from '../../ir/node.js'
import {derivedTensor, elementCount, readFloat32, type Tensor} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import type {Change, Pass, PassReport, Skip} from '../pass.js'
import {excludedBecause, type Selection, type SpecOf} from '../selection.js'

export interface MagnitudeOptions extends Selection {
  readonly specOf: SpecOf
  /** Share of the weights that become zero, 0..1; zeros that are there already count. */
  readonly sparsity: number
  /** One threshold for the whole model, or one per weight. */
  readonly scope: 'global' | 'layer'
  /** Whether a weight or a node of this name is not to be touched. */
  readonly isFrozen?: ((name: string) => boolean) | undefined
}

/** A weight and the first node that reads it. */
export interface PrunableWeight {
  readonly value: Value
  readonly node: Node
}

/**
 * Unstructured one-shot magnitude pruning: the smallest weights become zero. Shapes stay; only compression and later
 * fine-tuning profit, no kernel gets faster.
 *
 * @see Han et al. 2015, arXiv:1506.02626.
 */
export function pruneMagnitude(options: MagnitudeOptions): Pass {
  return {name: 'prune-magnitude', run: (graph) => run(graph, options)}
}

/** The weights that pruning may touch, each once, and why others are left alone. */
export function prunableWeights(graph: Graph, options: Pick<MagnitudeOptions, 'specOf' | 'exclude' | 'isFrozen'>) {
  const weights = new Map<Value, PrunableWeight>()
  /** Weights of excluded nodes, which others may read too. */
  const spared = new Set<Value>()
  const skipped: Skip[] = []
  for (const node of graph.allNodes()) {
    for (const slot of options.specOf(node)?.parameters.weights ?? []) {
      const value = node.inputs[slot]
      if (!value?.constant) continue
      const isFrozen = [value, node].some(({name}) => options.isFrozen?.(name))
      const excluded = excludedBecause(node, options) ?? (isFrozen ? 'frozen as asked' : undefined)
      const reason = whyNot(node, value.constant) ?? excluded
      if (excluded) spared.add(value)
      if (reason) skipped.push({node: node.name, op: node.opType, reason})
      else if (!weights.has(value)) weights.set(value, {value, node})
    }
  }
  return {weights: [...weights.values()].filter(({value}) => !spared.has(value)), skipped}
}

function whyNot(node: Node, weight: Tensor): string | undefined {
  if (node.opType === 'Gather') return 'rows of a table are looked up, not summed: zeros save no work'
  if (weight.dtype !== 'float32') return `its weight is ${weight.dtype}, not float32`
  if (weight.shape.length < 2) return 'its weight is not a matrix'
  return undefined
}

function run(graph: Graph, options: MagnitudeOptions): PassReport {
  const {weights, skipped} = prunableWeights(graph, options)
  const groups = options.scope === 'global' ? [weights] : weights.map((weight) => [weight])
  const changed: Change[] = groups.flatMap((group) => pruneGroup(graph, group, options.sparsity))
  return {changed, skipped}
}

function pruneGroup(graph: Graph, group: readonly PrunableWeight[], sparsity: number): Change[] {
  const total = group.reduce((sum, {value}) => sum + elementCount((value.constant as Tensor).shape), 0)
  const count = Math.round(sparsity * total)
  if (count === 0) return []
  const arrays = function* () {
    for (const {value} of group) yield {values: readFloat32(value.constant as Tensor), name: value.name}
  }
  const threshold = magnitudeThreshold(count, arrays, (name) => {
    throw new NonFiniteError(name, 'its values')
  })
  let ties = threshold.ties
  return group.map(({value, node}) => {
    const dense = value.constant as Tensor
    const {zeros, equal} = countBelow(readFloat32(dense), threshold.bits)
    const quota = Math.min(ties, equal)
    ties -= quota
    graph.setConstant(value, pruned(dense, {bits: threshold.bits, ties: quota}))
    return {rule: 'prune-magnitude', node: node.name, op: node.opType, count: zeros + quota}
  })
}

function countBelow(values: Float32Array, threshold: number): {zeros: number; equal: number} {
  const bits = magnitudeBits(values)
  let [zeros, equal] = [0, 0]
  for (let i = 0; i < bits.length; i++) {
    const magnitude = (bits[i] as number) & MAGNITUDE
    if (magnitude < threshold) zeros++
    else if (magnitude === threshold) equal++
  }
  return {zeros, equal}
}

function pruned(dense: Tensor, threshold: Threshold): Tensor {
  return derivedTensor('float32', dense.shape, () => {
    const values = Float32Array.from(readFloat32(dense))
    zeroSmallest(values, threshold)
    return values
  })
}
