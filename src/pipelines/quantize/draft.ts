import {join} from 'node:path'
import type {DataSpec} from '../../data/dataset.js'
import type {Effects} from '../../effects.js'
import {evalBatch} from '../../facts/eval-batch.js'
import {writeScratch} from '../../io/write-variant.js'
import type {QuantizeOptions} from '../../options/quantize.js'
import type {WritingOptions} from '../../passes/quantize/execute.js'
import {hasPackedWeight} from '../../passes/quantize/plan/form.js'
import type {Edit, Plan} from '../../passes/quantize/plan/plan.js'
import type {Target} from '../../passes/quantize/plan/target.js'
import type {CalibrationMethod} from '../../runtime/calibrate/calibrate.js'
import {BiasErrors} from './bias-errors.js'
import {type CalibratedPlan, calibratedPlan} from './calibrated-plan.js'
import {copyPrepared} from './copy-prepared.js'
import type {KnownRanges} from './known-ranges.js'
import type {PreparedModel} from './prepare-model.js'
import {executePlan} from './quantize-model.js'
import type {RoundingMethod, Roundings} from './roundings.js'

/** A prepared float model, and what it takes to make quantized ones of it. */
export interface Studio {
  readonly prepared: PreparedModel
  /** What flags or a plan file ask for: goes before whatever mopt would like to try. */
  readonly wishes: readonly Edit[]
  readonly writing: WritingOptions
  /** undefined without data. */
  readonly ranges: KnownRanges | undefined
  readonly roundings: Roundings
  /** How 4-bit weights are rounded where a draft does not say. */
  readonly rounding: RoundingMethod
  /** Samples that ranges and biases are taken from. */
  readonly learn: DataSpec | undefined
  readonly options: QuantizeOptions
  readonly effects: Effects
}

/** One way to quantize a model, not carried out. */
export interface Draft {
  /** What a search wants, whatever was asked for. */
  readonly overrides?: readonly Edit[] | undefined
  readonly edits: readonly Edit[]
  readonly calibration: CalibrationMethod
  /** Weights that share a scale, where it is not what the options say. */
  readonly blockSize?: number | undefined
  /** How 4-bit weights are rounded, where it is not what the options say. */
  readonly rounding?: RoundingMethod | undefined
  /** SiLU on integers only. */
  readonly integerSilu?: boolean | undefined
}

/** The plan that a draft comes to, with the ranges of its tensors. */
export async function planOfDraft(studio: Studio, draft: Draft, prepared = studio.prepared): Promise<CalibratedPlan> {
  const {ranges, wishes} = studio
  const edits = [...(draft.overrides ?? []), ...wishes, ...draft.edits]
  const isFree = studio.options.quantize.calibration === 'auto'
  return calibratedPlan(prepared.model.graph, targetOf(prepared, draft), edits, ranges?.by(draft.calibration, isFree))
}

function targetOf({target}: PreparedModel, {blockSize}: Draft): Target {
  return blockSize === undefined ? target : {...target, blockSize}
}

/** How a draft is written. */
export async function writingOf(studio: Studio, draft: Draft, plan: Plan): Promise<WritingOptions> {
  const {blockSize, integerSilu} = draft
  const rounding = roundingOf(studio, draft, plan)
  const by = rounding && (await studio.roundings.by(rounding, plan))
  return {...studio.writing, ...by, integerSilu, ...(blockSize !== undefined && {blockSize})}
}

/** How the 4-bit weights of a draft's plan are rounded; null where there are none. */
export function roundingOf({rounding}: Studio, draft: Draft, {choices}: Plan): RoundingMethod | null {
  const isPacked = [...choices.values()].some(({form}) => hasPackedWeight(form))
  return isPacked ? (draft.rounding ?? rounding) : null
}

/** A file that a draft came to. */
export interface Written {
  readonly path: string
  /** What was measured for its biases, to be used again. */
  readonly biasErrors: BiasErrors | undefined
  /** Rows per run at which it is to be judged. */
  readonly evalBatch: number
}

/**
 * Carries a draft out on a copy of the prepared model.
 *
 * @param folder of its own, for the file and what is needed on the way.
 * @param isExact whether biases are corrected, which takes a run over samples.
 */
export async function writeDraft(studio: Studio, draft: Draft, folder: string, isExact = true): Promise<Written> {
  const {learn, options, effects} = studio
  const copy = copyPrepared(studio.prepared)
  const {plan, ranges} = await planOfDraft(studio, draft, copy)
  const measured =
    isExact && learn ? new BiasErrors(copy.model, learn, options, draft.calibration, effects, folder) : undefined
  await executePlan(copy, plan, ranges, {...(await writingOf(studio, draft, plan)), biasErrors: measured})
  const path = join(folder, 'draft.onnx')
  await writeScratch(copy.model, path, {signal: effects.signal})
  return {path, biasErrors: measured, evalBatch: evalBatch(copy.model)}
}
