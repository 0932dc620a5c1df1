import {UnsupportedError} from '../errors.js'
import type {Model} from '../ir/model.js'
import type {Node} from '../ir/node.js'
import {elementCount, readFloat32, type Tensor} from '../ir/tensor.js'
import {opsetOf} from '../ops/infer-graph.js'
import {lookup} from '../ops/registry.js'
import type {PassReport} from '../passes/pass.js'
import {type MagnitudeOptions, type PrunableWeight, prunableWeights, pruneMagnitude} from '../passes/prune/magnitude.js'
import type {PruneResult, Warning} from '../results.js'
import {countParameters, parametersOf} from './parameters.js'
import {quantizationState} from './quantization-state.js'
import {unmatchedPatterns} from './unmatched-patterns.js'

export interface PruningOptions extends Pick<MagnitudeOptions, 'sparsity' | 'scope' | 'isFrozen'> {
  readonly exclude: readonly RegExp[]
}

/** What is going to become of a model's weights. */
export interface Pruning {
  /** Names of the constants that may become sparse. */
  readonly weights: readonly string[]
  readonly warnings: readonly Warning[]
  /** Zeroes the smallest weights, in place, to exactly the share that was asked for. */
  prune(): Promise<PassReport>
  /** How sparse the model is by now. */
  facts(): Pick<PruneResult, 'sparsity' | 'parameters' | 'groups'>
}

/**
 * Looks up what of a model can be pruned.
 *
 * @throws UnsupportedError when nothing can, or the model is quantized.
 */
export function planPruning(model: Model, options: PruningOptions): Pruning {
  requireFloats(model)
  const specOf = (node: Node) => lookup(node, opsetOf(node, model))
  const passOptions: MagnitudeOptions = {...options, specOf}
  const {weights, skipped} = prunableWeights(model.graph, passOptions)
  if (weights.length === 0) throw nothingToPrune(skipped)
  const before = parameterCount(model)
  return {
    weights: weights.map(({value}) => value.name),
    warnings: unmatchedPatterns(model.graph, {exclude: options.exclude}),
    prune: async () => pruneMagnitude(passOptions).run(model.graph),
    facts() {
      const groups = weights.map(groupOf)
      const total = groups.reduce((sum, {parameters}) => sum + parameters, 0)
      const zeros = groups.reduce((sum, group) => sum + group.sparsity * group.parameters, 0)
      return {sparsity: zeros / total, parameters: {before, after: parameterCount(model)}, groups}
    },
  }
}

/** @throws UnsupportedError for a quantized model: its integers would be left dense in silence. */
function requireFloats({graph}: Model): void {
  const state = quantizationState(graph, countParameters(parametersOf(graph), {zeros: false}))
  if (!/int/.test(state)) return
  throw new UnsupportedError(`expected a float model to prune, got a quantized one: ${state}`, {
    hint: 'Prune the float model it was made from, then quantize what comes out',
  })
}

function parameterCount(model: Model): number {
  return countParameters(parametersOf(model.graph), {zeros: false}).count
}

function groupOf({value, node}: PrunableWeight): PruneResult['groups'][number] {
  const tensor = value.constant as Tensor
  const count = elementCount(tensor.shape)
  const zeros = readFloat32(tensor).reduce((sum, weight) => sum + Number(weight === 0), 0)
  return {node: node.name, weight: value.name, parameters: count, sparsity: count === 0 ? 0 : zeros / count}
}

function nothingToPrune(skipped: readonly {op: string; node: string; reason: string}[]): UnsupportedError {
  const [first] = skipped
  const reason = first
    ? `${first.op} '${first.node}': ${first.reason}`
    : 'no float32 weights of Conv, Gemm, MatMul or LSTM'
  return new UnsupportedError(`nothing to prune: ${reason}`, {
    hint: 'Prune before quantizing, and look at the model with: mopt inspect MODEL',
  })
}
