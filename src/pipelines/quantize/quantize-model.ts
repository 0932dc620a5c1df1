import type {Model} from '../../ir/model.js'
import {opsetOf} from '../../ops/infer-graph.js'
import {specsOf} from '../../ops/specs-of.js'
import type {PassReport} from '../../passes/pass.js'
import {type PassOptions, quantizePasses} from '../../passes/quantize/execute.js'
import {isPacked, WEIGHT_TYPES} from '../../passes/quantize/numbers/weight-type.js'
import {equalizeLayers} from '../../passes/quantize/prepare/equalize-layers.js'
import {padDepthwise} from '../../passes/quantize/prepare/pad-depthwise.js'
import {plainGemm} from '../../passes/quantize/prepare/plain-gemm.js'
import {sequence} from '../../passes/sequence.js'
import type {Evaluate} from '../../passes/simplify/rule.js'
import {removeDead} from '../../passes/simplify/rules/remove-dead.js'
import {splitResidual} from '../../passes/simplify/rules/split-residual.js'
import {PREPARATION} from '../../passes/simplify/rules.js'
import {simplifyModel} from '../simplify/simplify-model.js'
import {widenWeights} from '../transform/half-weights.js'
import {computedWeights, stillFloat} from '../transform/still-float.js'
import {nothingToQuantize} from './nothing-to-quantize.js'

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
  const {path = 'the model', mode} = options
  const halves = mode === 'float16' ? undefined : await widenWeights(model, path)
  const prepared = await prepare(model, options)
  halves?.prepared()
  const split = splitResidual.create({opsetOf: (node) => opsetOf(node, model)})
  const last = options.provider === 'cpu' ? [split, removeDead] : [removeDead]
  const computed = mode === 'float16' ? [] : computedWeights(model, prepared.skipped)
  const quantized = await sequence(...(await quantizePasses(model, options)), ...last).run(graph)
  importDomains(model)
  const skipped = [...quantized.skipped, ...computed]
  if (!quantized.changed.some(({form}) => form !== undefined)) throw nothingToQuantize(model, skipped)
  // what reads a table with others may have become integers with them
  const done = new Set(quantized.changed.map(({node}) => node))
  const left = [...stillFloat(model, quantized.skipped), ...computed.filter(({node}) => !done.has(node))]
  const reports = [halves?.report, prepared, quantized, await halves?.narrow()]
  return {
    changed: reports.flatMap((report) => report?.changed ?? []),
    // in float16 every node that stays in float32 counts, weights or not
    skipped: mode === 'float16' ? quantized.skipped : left,
  }
}

/**
 * Exact rewrites that quantization wants done first: the simplifications, as far as no file grows by them, on the opset it needs. Quantized
 * forms need newer operators than old models import: such a model is upgraded, and a warning says so.
 */
async function prepare(model: Model, options: GraphOptions): Promise<PassReport> {
  const {path = 'the model', calibrate, evaluate} = options
  const [opset, needed] = [opsetOf({domain: ''}, model), neededOpset(options)]
  const raised = opset < needed ? {opset: needed} : {}
  const fixed = {rules: PREPARATION, limitBytes: 0, inputShapes: {}, dims: {}, evaluate}
  const {changed, skipped} = await simplifyModel(model, path, {...fixed, ...raised})
  if (opset < needed) {
    model.warnings.push({code: 'OPSET_UPGRADED', message: `upgraded from opset ${opset} to ${needed}`})
  }
  const integers = options.mode === 'float16' ? [] : [plainGemm]
  const exact = sequence(...integers, ...(calibrate ? [equalizeLayers, padDepthwise({specOf: specsOf(model)})] : []))
  return {changed: [...changed, ...(await exact.run(model.graph)).changed], skipped}
}

function neededOpset({mode, perChannel, weights}: GraphOptions): number {
  if (isPacked(WEIGHT_TYPES[weights]) && mode !== 'float16') return OPSET.packed
  if (mode === 'weights' || mode === 'float16') return OPSET.broadcast
  return perChannel ? OPSET.perChannel : OPSET.dynamic
}

/** The runtime's own operators need their domain in the file's imports. */
function importDomains(model: Model): void {
  const own = model.graph.allNodes().some(({domain}) => domain === 'com.microsoft')
  if (own && !model.opsets.has('com.microsoft')) model.opsets.set('com.microsoft', 1)
}
