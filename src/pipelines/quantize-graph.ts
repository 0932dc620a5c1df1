import {UnsupportedError} from '../errors.js'
import type {Graph} from '../ir/graph.js'
import type {Model} from '../ir/model.js'
import type {Node} from '../ir/node.js'
import {opsetOf} from '../ops/infer-graph.js'
import {lookup} from '../ops/registry.js'
import type {Change, Pass, PassReport, Skip} from '../passes/pass.js'
import type {Range} from '../passes/quantize/activation-scale.js'
import {quantizeDynamicLstm} from '../passes/quantize/dynamic-lstm.js'
import {type DynamicOptions, quantizeDynamicMatMul} from '../passes/quantize/dynamic-matmul.js'
import {quantizeEmbeddings} from '../passes/quantize/embeddings.js'
import {floatStem} from '../passes/quantize/float-stem.js'
import type {SizeOf} from '../passes/quantize/free-dims.js'
import {hardSigmoidAsAdd} from '../passes/quantize/hard-sigmoid-as-add.js'
import {padDepthwise} from '../passes/quantize/pad-depthwise.js'
import {quantizeStatic} from '../passes/quantize/static.js'
import {planStatic} from '../passes/quantize/static-plan.js'
import {quantizeWeightsOnly} from '../passes/quantize/weights-only.js'
import type {SpecOf} from '../passes/selection.js'
import {sequence} from '../passes/sequence.js'
import {removeDead} from '../passes/simplify/remove-dead.js'
import {PREPARATION} from '../passes/simplify/rules.js'
import {countParameters, parametersOf} from './parameters.js'
import {quantizationState} from './quantization-state.js'
import {simplifyModel} from './simplify-model.js'

export type QuantizeMode = 'auto' | 'dynamic' | 'static' | 'weights'

export interface GraphOptions {
  readonly mode: QuantizeMode
  readonly perChannel: boolean
  readonly exclude: readonly RegExp[]
  readonly peak: number
  readonly sizeOf: SizeOf
  /** Of the model, for error messages. */
  readonly path?: string
  /** Runs the prepared model on the calibration data; absent without `--data`. */
  readonly calibrate?: ((tensors: readonly string[]) => Promise<ReadonlyMap<string, Range>>) | undefined
}

/** Opsets that bring the operators each form is written in. */
const OPSET = {perChannel: 13, dynamic: 11, perTensor: 10, broadcast: 7}

/**
 * Quantizes a model's graph: static where there is data, dynamic where ONNX Runtime's kernels gain by it, and weights-only for
 * what is left. The model is simplified first, and upgraded where its opset is too old.
 *
 * @throws UnsupportedOpError when the opset lacks the operators and a node has no equal in a newer one; UnsupportedError when
 *   nothing could be quantized.
 */
export async function quantizeGraph(model: Model, options: GraphOptions): Promise<PassReport> {
  const {graph} = model
  const prepared = await prepare(model, options)
  const quantized = await sequence(...(await quantizers(model, options)), removeDead).run(graph)
  importDomains(model)
  const count = quantized.changed.filter(({to}) => to === 'int8').length
  if (count === 0) throw nothingToDo(model, quantized)
  return {
    changed: [...prepared, ...quantized.changed],
    skipped: stillFloat(model, quantized.skipped),
  }
}

/**
 * Exact rewrites that quantization wants done first: the simplifications that need no run of the model, on the opset it needs. Quantized
 * forms need newer operators than old models import: such a model is upgraded, and a warning says so.
 */
async function prepare(model: Model, options: GraphOptions): Promise<Change[]> {
  const {path = 'the model', calibrate} = options
  const [opset, needed] = [opsetOf({domain: ''}, model), neededOpset(options)]
  const raised = opset < needed ? {opset: needed} : {}
  const fixed = {rules: PREPARATION, limitBytes: 0, inputShapes: {}, dims: {}}
  const {changed} = await simplifyModel(model, path, {...fixed, ...raised})
  if (opset < needed) {
    model.warnings.push({code: 'OPSET_UPGRADED', message: `upgraded from opset ${opset} to ${needed}`})
  }
  if (!calibrate) return changed
  const padded = await padDepthwise({specOf: specsOf(model)}).run(model.graph)
  return [...changed, ...padded.changed]
}

function neededOpset({mode, perChannel}: GraphOptions): number {
  if (mode === 'weights') return OPSET.broadcast
  return perChannel ? OPSET.perChannel : OPSET.dynamic
}

function specsOf(model: Model): SpecOf {
  return (node) => lookup(node, opsetOf(node, model))
}

async function quantizers(model: Model, options: GraphOptions): Promise<Pass[]> {
  const {mode, perChannel, exclude, peak, sizeOf} = options
  const specOf = specsOf(model)
  const tables = opsetOf({domain: ''}, model) >= (perChannel ? OPSET.perChannel : OPSET.perTensor)
  const weights = [
    ...(tables ? [quantizeEmbeddings({perChannel, exclude})] : []),
    quantizeWeightsOnly({specOf, perChannel, exclude}),
  ]
  const shared: DynamicOptions = {specOf, sizeOf, perChannel, exclude, peak, evenIfSlower: mode === 'dynamic'}
  const dynamic = [quantizeDynamicLstm(shared), quantizeDynamicMatMul(shared)]
  if (mode === 'weights') return weights
  if (!options.calibrate) return [...dynamic, ...weights]
  const plan = planStatic(model.graph, {
    specOf,
    exclude,
    keepFloat: mode === 'auto' ? dynamicByChoice(model.graph) : new Map(),
    floatStem: floatStem(model.graph),
  })
  const names = plan.tensors.map(({name}) => name)
  const ranges = names.length > 0 ? await options.calibrate(names) : new Map<string, Range>()
  const fixed = [quantizeStatic({plan, ranges, perChannel, peak}), hardSigmoidAsAdd]
  return mode === 'auto' ? [...fixed, ...dynamic, ...weights] : [...fixed, ...weights]
}

/** MatMuls of sequences run faster and more exactly with dynamic activations: their bias fuses, static's does not. */
function dynamicByChoice(graph: Graph): Map<Node, string> {
  const sequences = graph.nodes().filter((node) => node.opType === 'MatMul' && rankOf(node) > 2)
  return new Map(sequences.map((node) => [node, 'a MatMul of sequences: dynamic activations are faster']))
}

function rankOf(node: Node): number {
  const type = node.inputs[0]?.type
  return type?.kind === 'tensor' ? (type.shape?.length ?? 0) : 0
}

/** The runtime's own operators need their domain in the file's imports. */
function importDomains(model: Model): void {
  const own = model.graph.allNodes().some(({domain}) => domain === 'com.microsoft')
  if (own && !model.opsets.has('com.microsoft')) model.opsets.set('com.microsoft', 1)
}

/** Of the nodes that some pass skipped, those that no other pass quantized either, each with the first reason. */
function stillFloat(model: Model, skipped: readonly Skip[]): Skip[] {
  const floats = new Set(
    model.graph
      .allNodes()
      .filter((node) => hasFloatWeight(node, model))
      .map(({name}) => name),
  )
  const seen = new Set<string>()
  return skipped.filter(({node}) => {
    const isFirst = floats.has(node) && !seen.has(node)
    seen.add(node)
    return isFirst
  })
}

function hasFloatWeight(node: Node, model: Model): boolean {
  const slots = lookup(node, opsetOf(node, model))?.parameters.weights ?? []
  return slots.some((slot) => node.inputs[slot]?.constant?.dtype === 'float32')
}

function nothingToDo({graph}: Model, {skipped}: PassReport): UnsupportedError {
  const state = quantizationState(graph, countParameters(parametersOf(graph), {zeros: false}))
  if (/int/.test(state)) {
    const hint = 'Quantize the float model it was made from'
    return new UnsupportedError(`nothing to quantize: the model is quantized already, ${state}`, {hint})
  }
  const [first] = skipped
  const reason = first ? `${first.op} '${first.node}': ${first.reason}` : 'no float32 weights'
  const more = skipped.length > 1 ? `, and ${skipped.length - 1} more` : ''
  return new UnsupportedError(`nothing to quantize: ${reason}${more}`, {
    hint: 'Look at the model with: mopt inspect MODEL',
  })
}
