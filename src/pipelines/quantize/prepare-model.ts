import type {Model} from '../../ir/model.js'
import {opsetOf} from '../../ops/infer-graph.js'
import {specsOf} from '../../ops/specs-of.js'
import type {PassReport, Skip} from '../../passes/pass.js'
import {isPackedType} from '../../passes/quantize/numbers/weight-type.js'
import type {Target} from '../../passes/quantize/plan/target.js'
import {equalizeLayers} from '../../passes/quantize/prepare/equalize-layers.js'
import {padDepthwise} from '../../passes/quantize/prepare/pad-depthwise.js'
import {plainGemm} from '../../passes/quantize/prepare/plain-gemm.js'
import {sequence} from '../../passes/sequence.js'
import type {Evaluate} from '../../passes/simplify/rule.js'
import {PREPARATION} from '../../passes/simplify/rules.js'
import {simplifyModel} from '../simplify/simplify-model.js'
import {type HalfWeights, widenWeights} from '../transform/half-weights.js'
import {computedWeights} from '../transform/still-float.js'

/** What a model is prepared for. */
export interface PrepareOptions extends Omit<Target, 'specOf' | 'opset' | 'beyondFloat16'> {
  /** Of the model, for error messages. */
  readonly path?: string | undefined
  /** Computes weights that the file derives from others, as exports of recurrent layers do; they stay as they are when absent. */
  readonly evaluate?: Evaluate | undefined
}

/** A float model that plans are made for. */
export interface PreparedModel {
  readonly model: Model
  readonly target: Target
  readonly report: PassReport
  /** Layers whose weights are computed while the model runs. */
  readonly computed: readonly Skip[]
  /** Weights that the file keeps in 16 bits. */
  readonly halves: HalfWeights | undefined
}

/** Opsets that bring the operators each form is written in. */
const OPSET = {packed: 21, perChannel: 13, dynamic: 11, broadcast: 7}

/**
 * Exact rewrites that quantization wants done first, in place: the simplifications, as far as no file grows by them, on the opset it
 * needs. Quantized forms need newer operators than old models import: such a model is upgraded, and a warning says so.
 *
 * @throws UnsupportedOpError when the opset lacks the operators and a node has no equal in a newer one.
 */
export async function prepareModel(model: Model, options: PrepareOptions): Promise<PreparedModel> {
  const {path = 'the model', mode, hasRanges, evaluate} = options
  const halves = mode === 'float16' ? undefined : await widenWeights(model, path)
  const [opset, needed] = [opsetOf({domain: ''}, model), neededOpset(options)]
  const raised = opset < needed ? {opset: needed} : {}
  const fixed = {rules: PREPARATION, limitBytes: 0, inputShapes: {}, dims: {}, evaluate}
  const {changed, skipped} = await simplifyModel(model, path, {...fixed, ...raised})
  if (opset < needed) {
    model.warnings.push({code: 'OPSET_UPGRADED', message: `upgraded from opset ${opset} to ${needed}`})
  }
  const specOf = specsOf(model)
  const integers = mode === 'float16' ? [] : [plainGemm]
  const exact = sequence(...integers, ...(hasRanges ? [equalizeLayers, padDepthwise({specOf})] : []))
  const report = {changed: [...changed, ...(await exact.run(model.graph)).changed], skipped}
  halves?.prepared()
  const target = {...options, specOf, opset: opsetOf({domain: ''}, model)}
  return {model, target, report, computed: mode === 'float16' ? [] : computedWeights(model, skipped), halves}
}

function neededOpset({mode, perChannel, weights}: PrepareOptions): number {
  if (isPackedType(weights) && mode !== 'float16') return OPSET.packed
  if (mode === 'weights' || mode === 'float16') return OPSET.broadcast
  return perChannel ? OPSET.perChannel : OPSET.dynamic
}
