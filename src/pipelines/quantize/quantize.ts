import type {Effects} from '../../effects.js'
import {UsageError} from '../../errors.js'
import {withTempFolder} from '../../io/with-temp-folder.js'
import {writeScratch} from '../../io/write-variant.js'
import {patternOf, patternsOf} from '../../options/patterns.js'
import type {QuantizeOptions} from '../../options/quantize.js'
import type {Change} from '../../passes/pass.js'
import type {WritingOptions} from '../../passes/quantize/execute.js'
import {isPacked, WEIGHT_TYPES} from '../../passes/quantize/numbers/weight-type.js'
import type {Tuning} from '../../passes/quantize/plan/alternatives.js'
import {editsOf, type Wishes} from '../../passes/quantize/plan/option-edits.js'
import type {Edit} from '../../passes/quantize/plan/plan.js'
import type {QuantizeMode} from '../../passes/quantize/plan/target.js'
import {targetCpu} from '../../passes/quantize/plan/target-cpu.js'
import {unmatchedPatterns} from '../../passes/unmatched-patterns.js'
import type {QuantizeResult, Warning} from '../../results.js'
import {ConstantFolder} from '../../runtime/fold/constant-folder.js'
import {cpuFeatures} from '../../runtime/providers/describe-machine.js'
import {modelStarts} from '../../runtime/time/model-starts.js'
import {type Opened, openWork} from '../transform/open-work.js'
import {type Changed, proveAndWrite} from '../transform/prove-and-write.js'
import {sourceOf} from '../transform/staged-proof.js'
import {BiasErrors} from './bias-errors.js'
import {type Calibrate, calibratedPlan} from './calibrated-plan.js'
import {Calibration} from './calibration.js'
import {copyPrepared} from './copy-prepared.js'
import {Float16Range} from './float16-range.js'
import {KnownRanges} from './known-ranges.js'
import {type PreparedModel, prepareModel} from './prepare-model.js'
import {executePlan} from './quantize-model.js'
import {quantizeRemedy} from './quantize-remedy.js'
import {type TuneResult, tuneQuantization} from './tune-quantization.js'

type Own = QuantizeOptions['quantize']

/** Samples that calibration reads when `--limit` does not say. */
const CALIBRATION_SAMPLES = 300

/** Reads a model, makes its numbers smaller, writes it, and proves with ONNX Runtime what that did. */
export async function quantize(path: string, options: QuantizeOptions, effects: Effects): Promise<QuantizeResult> {
  requireSense(options)
  const chosen = {...options, quantize: {...options.quantize, mode: chosenMode(options.quantize)}}
  const work = await openWork(path, {command: 'quantize', suffix: suffixOf(chosen.quantize)}, chosen, effects)
  try {
    return await proveAndWrite(work, await change(withFewToLearn(work), chosen, effects))
  } finally {
    work.file.close()
  }
}

/** Calibration reads as many samples as help; what is judged may be more, and then others too. */
function withFewToLearn(opened: Opened): Opened {
  const {learn} = opened.data
  if (!learn) return opened
  return {...opened, data: {...opened.data, learn: {...learn, limit: learn.limit ?? CALIBRATION_SAMPLES}}}
}

/** What MatMulNBits of ONNX Runtime 1.30 loads with on the CPU. */
const RUNTIME_BLOCKS: readonly number[] = [16, 32, 64, 128, 256]

function requireSense({quantize: options, data}: QuantizeOptions): void {
  const {mode, weights, format, blockSize, tune: isTuned} = options
  const onlyStored = ['weights', 'float16'].includes(chosenMode(options))
  if (isTuned && onlyStored) {
    throw new UsageError(`--tune: expected a mode with alternatives to time, got --mode ${chosenMode(options)}`, {
      hint: 'Leave --tune out: such files compute in float, as the input does',
    })
  }
  if (mode === 'static' && data.samples === undefined) {
    throw new UsageError('--mode static: expected --data with samples to calibrate on, got none', {
      hint: 'Give --data FILE, or use --mode dynamic, which needs no samples',
    })
  }
  if (isPacked(WEIGHT_TYPES[weights]) && (mode === 'static' || mode === 'dynamic')) {
    throw new UsageError(`--weights ${weights}: expected --mode weights with it, got --mode ${mode}`, {
      hint: 'ONNX Runtime has integer kernels for 8 bits only; 4-bit weights compute in float',
    })
  }
  if (format === 'ort' && !RUNTIME_BLOCKS.includes(blockSize)) {
    throw new UsageError(`--block-size ${blockSize}: expected ${RUNTIME_BLOCKS.join(', ')} with --format ort`, {
      hint: 'The kernels of ONNX Runtime take blocks of these sizes alone; --format qdq takes any',
    })
  }
}

/** 4-bit weights, and the runtime's block operators, leave `auto` nothing to choose. */
function chosenMode({mode, weights, format}: Own): QuantizeMode {
  return mode === 'auto' && (isPacked(WEIGHT_TYPES[weights]) || format === 'ort') ? 'weights' : mode
}

function suffixOf({mode, weights}: Own): string {
  if (mode === 'float16') return 'fp16'
  return isPacked(WEIGHT_TYPES[weights]) ? 'int4' : 'int8'
}

async function change(
  opened: Opened,
  options: QuantizeOptions,
  effects: Effects,
): Promise<Changed<Pick<QuantizeResult, 'mode' | 'cpu' | 'tuned'>>> {
  const {file, model, sizes, data} = opened
  const own = options.quantize
  const {provider} = options.run
  const cpu = targetCpu(own.cpu, process.arch, cpuFeatures())
  const wishes = {...own, ...patternsIn(own)}
  const unmatched = unmatchedPatterns(model.graph, wishes)
  const writing = {...own, provider, peak: cpu.peak, sizeOf: sizes.sizeOf}
  const folder = new ConstantFolder({signal: effects.signal})
  const hasRanges = data.learn !== undefined && (own.mode === 'auto' || own.mode === 'static')
  const prepared = await prepareModel(model, {
    ...writing,
    path: file.path,
    hasRanges,
    evaluate: folder.evaluate,
  }).finally(() => folder.close())
  const calibration = new Calibration(model, data.learn, options, effects)
  const calibrate = new KnownRanges().around(calibration.function)
  const source = sourceOf({samples: data.learn ?? data.judge, plan: sizes.plan}, options.run.seed)
  const range = new Float16Range(source, options.run, effects)
  const isComputed = own.mode === 'float16' && provider !== 'cpu'
  const beyondFloat16 = isComputed ? await range.nodesBeyond(model) : undefined
  const target = {...prepared.target, beyondFloat16}
  const edits = editsOf(wishes)
  const tuned = own.tune
    ? await tune(opened, {options, prepared, writing, calibrate, edits}, effects)
    : {tuning: {edits: []} as Tuning, tuned: null, warnings: []}
  const {tuning} = tuned
  const planned = await calibratedPlan(model.graph, target, [...tuning.edits, ...edits], calibrate)
  const work = async (scratch: string) => {
    const biasErrors = data.learn && new BiasErrors(model, data.learn, options, effects, scratch)
    const {integerSilu} = tuning
    const how = {...writing, integerSilu, biasErrors}
    return {report: await executePlan({...prepared, target}, planned.plan, planned.ranges, how), biasErrors}
  }
  const {report, biasErrors} = await withTempFolder(work)
  const mode = modeOf(own.mode, report.changed)
  return {
    report,
    facts: {mode, cpu: cpu.name, tuned: tuned.tuned},
    chosen: {...(tuning.edits.length > 0 && {edits: tuning.edits.map(asRecord)})},
    remedy: quantizeRemedy(options, mode),
    peakRssBytes: largest([biasErrors, range, calibration]),
    warnings: [
      ...unmatched,
      ...dataAdvice(options),
      ...tuned.warnings,
      ...range.warnings,
      ...calibration.notes.map((message) => ({code: 'DATA_NOTE', message})),
    ],
  }
}

/** An edit of named nodes, for the record. */
function asRecord({match, to}: Edit): {readonly nodes: readonly string[]; readonly to: string} {
  return {nodes: 'nodes' in match ? [...match.nodes] : [], to}
}

function largest(peaks: readonly ({readonly peakRssBytes: number} | undefined)[]): number {
  return Math.max(0, ...peaks.map((peak) => peak?.peakRssBytes ?? 0))
}

interface TuneContext {
  readonly options: QuantizeOptions
  readonly prepared: PreparedModel
  readonly writing: WritingOptions
  readonly calibrate: Calibrate | undefined
  /** What the user asks for. */
  readonly edits: readonly Edit[]
}

/** Patterns, which options have as text. */
function patternsIn({exclude, overrides}: Own): Pick<Wishes, 'exclude' | 'overrides'> {
  return {
    exclude: patternsOf(exclude),
    overrides: overrides.map(({pattern, to}) => ({pattern: patternOf(pattern), to})),
  }
}

/** Every alternative is made of the prepared float model. */
async function tune(
  {sizes, data}: Opened,
  {options, prepared, writing, calibrate, edits}: TuneContext,
  effects: Effects,
): Promise<TuneResult> {
  const {provider, threads, dims, seed} = options.run
  const settings = {provider, threads, dims}
  const source = sourceOf({samples: data.judge ?? data.learn, plan: sizes.plan}, seed)
  const task = {
    model: prepared.model,
    isStatic: calibrate !== undefined,
    sizeOf: sizes.sizeOf,
    contender: (path: string) => modelStarts(path, settings, {source, batch: 1, signal: effects.signal}),
    write: async ({edits: tried, integerSilu}: Tuning, path: string) => {
      const copy = copyPrepared(prepared)
      const {plan, ranges} = await calibratedPlan(copy.model.graph, copy.target, [...tried, ...edits], calibrate)
      await executePlan(copy, plan, ranges, {...writing, integerSilu})
      await writeScratch(copy.model, path, {signal: effects.signal})
    },
  }
  return tuneQuantization(task, effects)
}

/** What `auto` came to: the form of some layer, the fastest one named. */
function modeOf(mode: Own['mode'], changed: readonly Change[]): string {
  if (mode !== 'auto') return mode
  return (['static', 'dynamic'] as const).find((one) => changed.some(({form}) => form === one)) ?? 'weights'
}

/** A model without data could be faster still. */
function dataAdvice({data, quantize: {mode}}: QuantizeOptions): Warning[] {
  if (data.samples !== undefined || mode !== 'auto') return []
  const message = 'no --data: activations are quantized at run time or stay float'
  const hint = '--data FILE with about 100 samples turns on static quantization, the fastest form for CNNs'
  return [{code: 'NO_DATA', message, hint}]
}
