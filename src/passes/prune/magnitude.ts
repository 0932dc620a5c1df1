import {NonFiniteError} from '../../errors.js'
import type {Graph} from '../../ir/graph.js'
import {type LayerProfile, layerProfile, type RowLayout} from '../../ir/layer-profile.js'
import type {Node} from '../../ir/node.js'
import {shareZeros} from '../../ir/share-zeros.js'
import type {Tensor} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import {zeroLayer} from '../../ir/zero-layer.js'
import type {SpecOf} from '../../ops/specs-of.js'
import type {Change, Pass, PassReport, Skip} from '../pass.js'
import {excludedBecause, type Selection} from '../selection.js'
import {rowLayout} from './row-layout.js'
import {readFloats, storedWeight, withZeros} from './stored-values.js'

export interface MagnitudeOptions extends Selection {
  readonly specOf: SpecOf
  /** Share of the weights that become zero, 0..1; zeros that are there already count. */
  readonly sparsity: number
  /** The share of the whole model, from where it costs least; or of every weight. */
  readonly scope: 'global' | 'layer'
  /** Whether a weight or a node of this name is not to be touched. */
  readonly isFrozen?: ((name: string) => boolean) | undefined
  /** Nodes that stay dense by a rule of the caller, with the reason. */
  readonly keepDense?: ReadonlyMap<Node, string> | undefined
}

/** A weight as it is stored, in float32 or float16, and the first node that reads it. */
export interface PrunableWeight {
  readonly value: Value
  readonly node: Node
  readonly layout: RowLayout
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
export function prunableWeights(
  graph: Graph,
  options: Pick<MagnitudeOptions, 'specOf' | 'exclude' | 'isFrozen' | 'keepDense'>,
) {
  const weights = new Map<Value, PrunableWeight>()
  /** Weights of excluded nodes, which others may read too. */
  const spared = new Set<Value>()
  const skipped: Skip[] = []
  for (const node of graph.allNodes()) {
    const spec = options.specOf(node)
    for (const slot of spec?.parameters.weights ?? []) {
      const value = storedWeight(node.inputs[slot])
      if (!value?.constant) continue
      const isFrozen = [value, node].some(({name}) => options.isFrozen?.(name))
      const frozen = isFrozen ? 'frozen as asked' : undefined
      const excluded = excludedBecause(node, options) ?? frozen ?? options.keepDense?.get(node)
      const reason = whyNot(node, value.constant) ?? excluded
      if (excluded) spared.add(value)
      if (reason) skipped.push({node: node.name, op: node.opType, reason})
      else if (!weights.has(value))
        weights.set(value, {value, node, layout: rowLayout(node, slot, value.constant.shape, spec?.quantize)})
    }
  }
  return {weights: [...weights.values()].filter(({value}) => !spared.has(value)), skipped}
}

const PRUNABLE: ReadonlySet<string> = new Set(['float32', 'float16'])

function whyNot(node: Node, weight: Tensor): string | undefined {
  if (node.opType === 'Gather') return 'rows of a table are looked up, not summed: zeros save no work'
  if (!PRUNABLE.has(weight.dtype)) return `its weight is ${weight.dtype}, neither float32 nor float16`
  if (weight.shape.length < 2) return 'its weight is not a matrix'
  return undefined
}

function run(graph: Graph, {sparsity, scope, ...options}: MagnitudeOptions): PassReport {
  const {weights, skipped} = prunableWeights(graph, options)
  const profiles = weights.map(profileOf)
  const groups = scope === 'global' ? [profiles] : profiles.map((profile) => [profile])
  const quotas = groups.flatMap((group) => {
    const elements = group.reduce((sum, layer) => sum + layer.elements, 0)
    return shareZeros(Math.round(sparsity * elements), group)
  })
  const changed: Change[] = weights.map(({value, node, layout}, index) => {
    const zeros = quotas[index] as number
    graph.setConstant(
      value,
      withZeros(value.constant as Tensor, (values) => zeroLayer(values, layout, zeros)),
    )
    return {rule: 'prune-magnitude', node: node.name, op: node.opType, count: zeros}
  })
  return {changed: changed.filter(({count}) => count !== 0), skipped}
}

/** @throws NonFiniteError for a weight that holds NaN or infinity. */
function profileOf({value, layout}: PrunableWeight): LayerProfile {
  const profile = layerProfile(readFloats(value.constant as Tensor), layout)
  if (!profile) throw new NonFiniteError(value.name, 'its values')
  return profile
}
