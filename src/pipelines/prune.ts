import {UnsupportedError} from '../errors.js'
import {measureFile} from '../io/measure-file.js'
import type {Model} from '../ir/model.js'
import type {Node} from '../ir/node.js'
import {elementCount, readFloat32, type Tensor} from '../ir/tensor.js'
import {opsetOf} from '../ops/infer-graph.js'
import {lookup} from '../ops/registry.js'
import {type MagnitudeOptions, type PrunableWeight, prunableWeights, pruneMagnitude} from '../passes/prune/magnitude.js'
import type {PruneResult} from '../results.js'
import {macsOfFile} from './macs-of-file.js'
import type {Effects} from './options.js'
import {countParameters, parametersOf} from './parameters.js'
import {quantizationState} from './quantization-state.js'
import {type Changed, type Opened, type TransformOptions, transform} from './transform.js'
import {unmatchedPatterns} from './unmatched-patterns.js'

export interface PruneOptions extends TransformOptions {
  /** Share of the weights that become zero, 0..1. */
  readonly sparsity: number
  readonly scope: 'global' | 'layer'
  readonly exclude: readonly RegExp[]
}

type PruneFacts = Pick<PruneResult, 'sparsity' | 'parameters' | 'groups'>

/** Zeroes the smallest weights of a model, writes it, and proves with ONNX Runtime what that did. */
export async function prune(path: string, options: PruneOptions, effects: Effects): Promise<PruneResult> {
  const transformation = {command: 'prune', suffix: 'pruned', change: (opened: Opened) => change(opened, options)}
  const result = await transform(path, transformation, options, effects)
  // single weights: every product is still computed
  const macs = (await macsOfFile(path, options)) ?? null
  return {...result, macs: {before: macs, after: macs}, compressedBytes: await compressedSizes(result)}
}

/** Compressing more than this takes seconds and tells nothing new. */
const COMPRESS_LIMIT_BYTES = 256e6

async function compressedSizes({input, output}: Pick<PruneResult, 'input' | 'output'>) {
  if (Math.max(input.sizeBytes, output.sizeBytes) > COMPRESS_LIMIT_BYTES) return null
  const [before, after] = await Promise.all([measureFile(input.path), measureFile(output.path)])
  return {before: before.compressedBytes, after: after.compressedBytes}
}

async function change({model}: Opened, options: PruneOptions): Promise<Changed<PruneFacts>> {
  requireFloats(model)
  const {sparsity, scope, exclude} = options
  const specOf = (node: Node) => lookup(node, opsetOf(node, model))
  const passOptions: MagnitudeOptions = {specOf, sparsity, scope, exclude}
  const {weights, skipped} = prunableWeights(model.graph, passOptions)
  if (weights.length === 0) throw nothingToPrune(skipped)
  const unmatched = unmatchedPatterns(model.graph, {exclude})
  const before = parameterCount(model)
  const report = await pruneMagnitude(passOptions).run(model.graph)
  const after = parameterCount(model)
  const groups = weights.map(groupOf)
  const total = groups.reduce((sum, {parameters}) => sum + parameters, 0)
  const zeros = groups.reduce((sum, group) => sum + group.sparsity * group.parameters, 0)
  return {
    report,
    facts: {
      sparsity: zeros / total,
      parameters: {before, after},
      groups,
    },
    warnings: unmatched,
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
