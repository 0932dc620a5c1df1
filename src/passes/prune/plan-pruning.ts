import {UnsupportedError} from '../../errors.js'
import {countParameters, parametersOf} from '../../facts/parameters.js'
import {isQuantized, quantizationState, quantizationText} from '../../facts/quantization-state.js'
import type {RowLayout} from '../../ir/layer-profile.js'
import type {Model} from '../../ir/model.js'
import type {Node} from '../../ir/node.js'
import {elementCount, type Tensor} from '../../ir/tensor.js'
import {specsOf} from '../../ops/specs-of.js'
import type {PruneResult, Warning} from '../../results.js'
import {fixedTransforms} from '../fixed-transforms.js'
import type {PassReport, Skip} from '../pass.js'
import {fedBackNodes} from '../quantize/plan/fed-back-state.js'
import {isSkippedBy, matchesNode} from '../selection.js'
import {unmatchedPatterns} from '../unmatched-patterns.js'
import {type MagnitudeOptions, type PrunableWeight, prunableWeights, pruneMagnitude} from './magnitude.js'
import {readFloats} from './stored-values.js'

export interface PruningOptions extends Pick<MagnitudeOptions, 'sparsity' | 'scope' | 'isFrozen'> {
  readonly exclude: readonly RegExp[]
  /** Nodes that are pruned although a rule would leave them dense. */
  readonly include: readonly RegExp[]
}

/** What is going to become of a model's weights. */
export interface Pruning {
  /** The constants that may become sparse. */
  readonly weights: readonly {readonly name: string; readonly layout: RowLayout}[]
  /** What is to be said of the model as it stands by now. */
  warnings(): Warning[]
  /** Zeroes the smallest weights, in place, to exactly the share that was asked for. */
  prune(): Promise<PassReport>
  /** How sparse the model is by now. */
  facts(): Pick<PruneResult, 'sparsity' | 'asked' | 'parameters' | 'groups'>
}

/**
 * Looks up what of a model can be pruned.
 *
 * @param folded what became of weights that the file computes; `prune` reports it too.
 * @throws UnsupportedError when nothing can, or the model is quantized.
 */
export function planPruning(model: Model, options: PruningOptions, folded: PassReport): Pruning {
  requireFloats(model)
  const specOf = specsOf(model)
  const fedBack = fedBackNodes(model.graph).filter((node) => !options.include.some((one) => matchesNode(node, one)))
  const transforms = [...fixedTransforms(model.graph)].filter(
    ([node]) => !options.include.some((one) => matchesNode(node, one)),
  )
  const keepDense = new Map([...transforms, ...fedBack.map((node) => [node, FED_BACK] as const)])
  const passOptions: MagnitudeOptions = {...options, specOf, keepDense}
  const {weights, skipped} = prunableWeights(model.graph, passOptions)
  if (weights.length === 0) throw nothingToPrune([...skipped, ...folded.skipped], keepDense)
  const before = parameterCount(model)
  const asked = {sparsity: options.sparsity, sparsityBefore: sparsityOf(weights.map(groupOf))}
  const unmatched = unmatchedPatterns(model.graph, options)
  return {
    weights: weights.map(({value, layout}) => ({name: value.name, layout})),
    warnings: () => [...unmatched, ...fedBackWarnings(fedBack), ...emptyWarnings(weights.map(groupOf))],
    async prune() {
      const {changed, skipped} = await pruneMagnitude(passOptions).run(model.graph)
      return {changed: [...folded.changed, ...changed], skipped: [...skipped, ...folded.skipped]}
    },
    facts() {
      const groups = weights.map(groupOf)
      return {sparsity: sparsityOf(groups), asked, parameters: {before, after: parameterCount(model)}, groups}
    },
  }
}

/** Why a recurrent layer of a stream stays dense. */
const FED_BACK = 'its state is fed back from run to run, where errors add up'
/** From this share of zeros on a layer computes next to nothing. */
const NEXT_TO_NOTHING = 0.95
/** Names a warning spells out. */
const NAMED = 3

/** Silero VAD through a minute of speech at 30 % zeros: 1.0 % of the decisions turned with these layers, 0.5 % without. */
function fedBackWarnings([node, ...more]: readonly Node[]): Warning[] {
  if (!node) return []
  const others = more.length > 0 ? ` and ${more.length} more` : ''
  const message = `${node.opType} '${node.name}'${others}: the state comes from an input, so the weights stay dense: errors add up in it`
  return [{code: 'STATE_FED_BACK', message, hint: "--include '.*' prunes them all the same"}]
}

function emptyWarnings(groups: PruneResult['groups']): Warning[] {
  const empty = groups.filter(({sparsity}) => sparsity > NEXT_TO_NOTHING)
  if (empty.length === 0) return []
  const names = empty.slice(0, NAMED).map(({node, sparsity}) => `'${node}' (${(100 * sparsity).toFixed(1)} %)`)
  const more = empty.length > NAMED ? `, and ${empty.length - NAMED} more` : ''
  const message = `more than ${100 * NEXT_TO_NOTHING} % of a layer is zero: ${names.join(', ')}${more}`
  return [{code: 'LAYER_NEARLY_EMPTY', message, hint: 'ask for fewer zeros, or leave such layers alone with --exclude'}]
}

/** @throws UnsupportedError for a quantized model: its integers would be left dense in silence. */
export function requireFloats({graph}: Model): void {
  const state = quantizationState(graph, countParameters(parametersOf(graph), {zeros: false}))
  if (!isQuantized(state)) return
  throw new UnsupportedError(`expected a float model to prune, got a quantized one: ${quantizationText(state)}`, {
    hint: 'Prune the float model it was made from, then quantize what comes out',
  })
}

export function parameterCount(model: Model): number {
  return countParameters(parametersOf(model.graph), {zeros: false}).count
}

function sparsityOf(groups: PruneResult['groups']): number {
  const total = groups.reduce((sum, {parameters}) => sum + parameters, 0)
  return groups.reduce((sum, group) => sum + group.sparsity * group.parameters, 0) / total
}

function groupOf({value, node}: PrunableWeight): PruneResult['groups'][number] {
  const tensor = value.constant as Tensor
  const count = elementCount(tensor.shape)
  const zeros = readFloats(tensor).reduce((sum, weight) => sum + Number(weight === 0), 0)
  return {node: node.name, weight: value.name, parameters: count, sparsity: count === 0 ? 0 : zeros / count}
}

/** @param keepDense what rules of ours leave alone, which a user may want pruned all the same. */
function nothingToPrune([first]: readonly Skip[], keepDense: ReadonlyMap<Node, string>): UnsupportedError {
  const isWished = first !== undefined && isSkippedBy(keepDense, first)
  const reason = first
    ? `${first.op} '${first.node}': ${first.reason}`
    : 'no float weights of Conv, Gemm, MatMul or LSTM'
  return new UnsupportedError(`nothing to prune: ${reason}`, {
    hint: isWished
      ? "--include '.*' prunes it all the same: judge the result on real signals"
      : 'Prune before quantizing, and look at the model with: mopt inspect MODEL',
  })
}
