import {portsOf} from '../../data/model-ports.js'
import {readFeeds} from '../../data/samples/feed-values.js'
import type {Effects} from '../../effects.js'
import {computesHalves, holdsHalves} from '../../facts/holds-halves.js'
import {patternOf, patternsOf} from '../../options/patterns.js'
import type {QuantizeOptions} from '../../options/quantize.js'
import {editsOf, type Wishes} from '../../passes/quantize/plan/option-edits.js'
import {type TargetCpu, targetCpu} from '../../passes/quantize/plan/target-cpu.js'
import {unmatchedPatterns} from '../../passes/unmatched-patterns.js'
import type {Warning} from '../../results.js'
import {ConstantFolder} from '../../runtime/fold/constant-folder.js'
import {cpuFeatures} from '../../runtime/providers/describe-machine.js'
import {expectedSizes} from '../transform/expected-sizes.js'
import type {Opened} from '../transform/open-work.js'
import {sourceOf} from '../transform/staged-proof.js'
import {BIG_BYTES} from '../transform/write-stages.js'
import {Calibration} from './calibration.js'
import type {Studio} from './draft.js'
import {Float16Range} from './float16-range.js'
import {hasHalfRest} from './has-half-rest.js'
import {CALIBRATION_SAMPLES, type HeldBack, holdBack} from './held-back.js'
import {KnownRanges} from './known-ranges.js'
import {type PlanFile, planEdits, readPlanFile} from './plan-file.js'
import {prepareModel} from './prepare-model.js'
import {Roundings} from './roundings.js'

/** A studio with what is to be said and counted of it. */
export interface OpenStudio extends Studio {
  readonly cpu: TargetCpu
  /** What `--use-plan` asks for. */
  readonly plan: PlanFile | undefined
  /** Samples to judge drafts on; undefined where none are judged. */
  readonly judge: HeldBack['judge'] | undefined
  readonly warnings: () => readonly Warning[]
  readonly peaks: () => readonly number[]
}

/**
 * Prepares the model that is open, in place, for plans to be made of it.
 *
 * @throws as prepareModel and holdBack; UsageError for a plan file of another model.
 */
export async function openStudio(opened: Opened, options: QuantizeOptions, effects: Effects): Promise<OpenStudio> {
  const {file, model, sizes, data} = opened
  const own = options.quantize
  const {provider} = options.run
  const cpu = targetCpu(own.cpu, process.arch, cpuFeatures())
  const wishes = {...own, ...patternsIn(own)}
  const unmatched = unmatchedPatterns(model.graph, wishes)
  const held = data.learn && isGuarded(options) ? await holdBack(data.learn, portsOf(model)) : undefined
  const learn = held?.learn ?? (data.learn && {...data.learn, limit: data.learn.limit ?? CALIBRATION_SAMPLES})
  const hasRanges = learn !== undefined && (own.mode === 'auto' || own.mode === 'static')
  const {sizeOf} =
    own.forBatch === 1
      ? sizes
      : expectedSizes(model, {...options.run, feeds: await readFeeds(options.run.feed), batch: own.forBatch})
  const writing = {...own, ...formOf(own), rounding: undefined, provider, peak: cpu.peak, sizeOf}
  const {mode, rest} = writing
  const halves = own.mode !== 'float16' && holdsHalves(model.graph) ? [HALVES] : []
  const isComputed = rest === 'float16' ? !computesHalves(model.graph) : mode === 'float16' && provider !== 'cpu'
  const folder = new ConstantFolder({signal: effects.signal})
  const prepared = await prepareModel(model, {
    ...{...writing, path: file.path, hasRanges, evaluate: folder.evaluate},
  }).finally(() => folder.close())
  const calibration = hasRanges && learn ? new Calibration(model, learn, options, effects) : undefined
  const roundings = new Roundings(model, learn, options.run, effects)
  const source = sourceOf({samples: data.learn ?? data.judge, plan: sizes.plan}, options.run.seed)
  const range = new Float16Range(source, options.run, effects)
  const isChecked = isComputed && (rest === undefined || file.sizeBytes < BIG_BYTES)
  if (isComputed && !isChecked) model.warnings.push(RANGE_UNCHECKED)
  const beyondFloat16 = isChecked ? await range.nodesBeyond(model) : undefined
  const plan = own.usePlan === undefined ? undefined : await readPlanFile(own.usePlan)
  return {
    prepared: {...prepared, target: {...prepared.target, beyondFloat16}},
    wishes: [...editsOf(wishes), ...(plan ? planEdits(plan, model.graph, own.usePlan ?? '') : [])],
    plan,
    ...{writing, learn, options, effects, cpu, roundings},
    rounding: own.rounding === 'auto' ? (learn ? 'gptq' : 'scale') : own.rounding,
    ranges: calibration && new KnownRanges(calibration.measure),
    judge: held?.judge,
    warnings: () => [
      ...unmatched,
      ...halves,
      ...range.warnings,
      ...(calibration?.notes ?? []).map((message) => ({code: 'DATA_NOTE', message})),
      ...roundings.warnings(),
    ],
    peaks: () => [range.peakRssBytes, roundings.peakRssBytes, calibration?.peakRssBytes ?? 0],
  }
}

/** What the mode comes to: with integers beside it, float16 is what computes around stored weights. */
function formOf(own: QuantizeOptions['quantize']) {
  return hasHalfRest(own) ? ({mode: 'weights', rest: 'float16'} as const) : {mode: own.mode, rest: undefined}
}

const RANGE_UNCHECKED = {
  code: 'FLOAT16_RANGE',
  message: 'the range of float16 is not checked beforehand: the model is too large to measure every tensor',
  hint: 'the comparison of outputs shows what passes it, as infinities; --exclude keeps nodes in float32',
}

const HALVES: Warning = {
  code: 'FLOAT16_WEIGHTS',
  message: 'all weights are float16 numbers already',
  hint: '--mode float16 takes half the bytes and changes nothing',
}

/** Whether drafts are judged and safer ones tried: where there is data, and nothing says otherwise. */
function isGuarded({quantize, output}: QuantizeOptions): boolean {
  const {guard, usePlan, mode} = quantize
  return guard && output.verify && usePlan === undefined && (mode !== 'float16' || hasHalfRest(quantize))
}

/** Patterns, which options have as text. */
function patternsIn({exclude, overrides}: QuantizeOptions['quantize']): Pick<Wishes, 'exclude' | 'overrides'> {
  return {
    exclude: patternsOf(exclude),
    overrides: overrides.map(({pattern, to}) => ({pattern: patternOf(pattern), to})),
  }
}
