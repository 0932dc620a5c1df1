import {UnsupportedError} from '../errors.js'
import type {Model} from '../ir/model.js'
import type {Node} from '../ir/node.js'
import {opsetOf} from '../ops/infer-graph.js'
import {lookup} from '../ops/registry.js'
import type {Change, PassReport, Skip} from '../passes/pass.js'
import {equalizeLayers} from '../passes/quantize/equalize-layers.js'
import {padDepthwise} from '../passes/quantize/pad-depthwise.js'
import {plainGemm} from '../passes/quantize/plain-gemm.js'
import {isPacked, WEIGHT_TYPES} from '../passes/quantize/weight-type.js'
import {sequence} from '../passes/sequence.js'
import {removeDead} from '../passes/simplify/remove-dead.js'
import type {Evaluate} from '../passes/simplify/rule.js'
import {PREPARATION} from '../passes/simplify/rules.js'
import {splitResidual} from '../passes/simplify/split-residual.js'
import {countParameters, parametersOf} from './parameters.js'
import {quantizationState} from './quantization-state.js'
import {EMPTY, type PassOptions, quantizePasses, specsOf} from './quantize-passes.js'
import {simplifyModel} from './simplify-model.js'

export interface GraphOptions extends PassOptions {
  /** Of the model, for error messages. */
  readonly path?: string
  /** Computes weights that the file derives from others, as exports of recurrent layers do; they stay as they are when absent. */
  readonly evaluate?: Evaluate
}

/** Opsets that bring the operators each form is written in. */
const OPSET = {packed: 21, perChannel: 13, dynamic: 11, broadcast: 7}

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
  const split = splitResidual.create({opsetOf: (node) => opsetOf(node, model)})
  const last = options.provider === 'cpu' ? [split, removeDead] : [removeDead]
  const quantized = await sequence(...(await quantizePasses(model, options)), ...last).run(graph)
  importDomains(model)
  if (!quantized.changed.some(isReduction)) throw nothingToDo(model, quantized)
  return {
    changed: [...prepared, ...quantized.changed],
    // in float16 every node that stays in float32 counts, weights or not
    skipped: options.mode === 'float16' ? quantized.skipped : stillFloat(model, quantized.skipped),
  }
}

/**
 * Exact rewrites that quantization wants done first: the simplifications, as far as no file grows by them, on the opset it needs. Quantized
 * forms need newer operators than old models import: such a model is upgraded, and a warning says so.
 */
async function prepare(model: Model, options: GraphOptions): Promise<Change[]> {
  const {path = 'the model', calibrate, evaluate} = options
  const [opset, needed] = [opsetOf({domain: ''}, model), neededOpset(options)]
  const raised = opset < needed ? {opset: needed} : {}
  const fixed = {rules: PREPARATION, limitBytes: 0, inputShapes: {}, dims: {}, evaluate}
  const {changed} = await simplifyModel(model, path, {...fixed, ...raised})
  if (opset < needed) {
    model.warnings.push({code: 'OPSET_UPGRADED', message: `upgraded from opset ${opset} to ${needed}`})
  }
  const integers = options.mode === 'float16' ? [] : [plainGemm]
  const exact = sequence(...integers, ...(calibrate ? [equalizeLayers, padDepthwise({specOf: specsOf(model)})] : []))
  return [...changed, ...(await exact.run(model.graph)).changed]
}

function neededOpset({mode, perChannel, weights}: GraphOptions): number {
  if (isPacked(WEIGHT_TYPES[weights]) && mode !== 'float16') return OPSET.packed
  if (mode === 'weights' || mode === 'float16') return OPSET.broadcast
  return perChannel ? OPSET.perChannel : OPSET.dynamic
}

/** Whether a change made numbers smaller, and not only the graph. */
export function isReduction({to}: {readonly to?: string | undefined}): boolean {
  return to !== undefined && REDUCED.has(to)
}

const REDUCED: ReadonlySet<string> = new Set(['int8', 'uint8', 'int4', 'uint4', 'float16'])

/** The runtime's own operators need their domain in the file's imports. */
function importDomains(model: Model): void {
  const own = model.graph.allNodes().some(({domain}) => domain === 'com.microsoft')
  if (own && !model.opsets.has('com.microsoft')) model.opsets.set('com.microsoft', 1)
}

/**
 * Of the nodes that some pass skipped, those that no other pass quantized either, each with the first reason; and those that compute in
 * float because of the data, whatever became of their weights.
 */
function stillFloat(model: Model, skipped: readonly Skip[]): Skip[] {
  const floats = new Set(
    model.graph
      .allNodes()
      .filter((node) => hasFloatWeight(node, model))
      .map(({name}) => name),
  )
  const seen = new Set<string>()
  return skipped.filter(({node, reason}) => {
    const isFirst = (floats.has(node) || reason === EMPTY) && !seen.has(node)
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
  if (state !== 'float32') {
    const already = state === 'float64' ? '' : ' already'
    const hint = already ? 'Quantize the float32 model it was made from' : 'Export the model with float32 weights'
    return new UnsupportedError(`nothing to quantize: expected float32 weights, the model's are ${state}${already}`, {
      hint,
    })
  }
  const [first] = skipped
  const reason = first ? `${first.op} '${first.node}': ${first.reason}` : 'no float32 weights'
  const more = skipped.length > 1 ? `, and ${skipped.length - 1} more` : ''
  return new UnsupportedError(`nothing to quantize: ${reason}${more}`, {
    hint: 'Look at the model with: mopt inspect MODEL',
  })
}
