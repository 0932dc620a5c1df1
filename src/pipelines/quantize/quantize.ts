import type {Effects} from '../../effects.js'
import {UsageError} from '../../errors.js'
import type {OpenedModel} from '../../io/open-model.js'
import {withTempFolder} from '../../io/with-temp-folder.js'
import {writeVariant} from '../../io/write-variant.js'
import type {Model} from '../../ir/model.js'
import {inferModel} from '../../ops/infer-graph.js'
import {patternOf, patternsOf} from '../../options/patterns.js'
import type {QuantizeOptions} from '../../options/quantize.js'
import type {Change} from '../../passes/pass.js'
import type {PassOptions} from '../../passes/quantize/execute.js'
import {isPacked, WEIGHT_TYPES} from '../../passes/quantize/numbers/weight-type.js'
import type {Tuning} from '../../passes/quantize/plan/alternatives.js'
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
import {Calibration} from './calibration.js'
import {Float16Range} from './float16-range.js'
import {KnownRanges} from './known-ranges.js'
import {type GraphOptions, quantizeGraph} from './quantize-model.js'
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
function chosenMode({mode, weights, format}: Own): PassOptions['mode'] {
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
  const cpu = targetCpu(own.cpu, process.arch, cpuFeatures())
  const wanted = {...own, ...patternsIn(own)}
  const unmatched = unmatchedPatterns(model.graph, wanted)
  const ranges = new KnownRanges()
  const calibrations: Calibration[] = []
  const calibrate = (prepared: Model) => {
    const calibration = new Calibration(prepared, data.learn, options, effects)
    calibrations.push(calibration)
    return ranges.around(calibration.function)
  }
  const range = new Float16Range(
    sourceOf({samples: data.learn ?? data.judge, plan: sizes.plan}, options.run.seed),
    options.run,
    effects,
  )
  const folder = new ConstantFolder({signal: effects.signal})
  const {provider} = options.run
  const graphOptions = {
    ...{...wanted, provider, path: file.path, peak: cpu.peak, sizeOf: sizes.sizeOf, evaluate: folder.evaluate},
  }
  const work = async (scratch: string) => {
    const found = own.tune ? await tune(opened, {options, graphOptions, calibrate}, effects) : undefined
    const tuning = found?.tuning
    const biasErrors = data.learn && new BiasErrors(model, data.learn, options, effects, scratch)
    const nodesBeyond = (prepared: Model) => range.nodesBeyond(prepared)
    const report = await quantizeGraph(model, {
      ...graphOptions,
      calibrate: calibrate(model),
      tuning,
      biasErrors,
      nodesBeyond,
    })
    return {found, report, biasErrors}
  }
  const {found, report, biasErrors} = await withTempFolder(work).finally(() => folder.close())
  const mode = modeOf(own.mode, report.changed)
  return {
    report,
    facts: {mode, cpu: cpu.name, tuned: found?.tuned ?? null},
    chosen: {...found?.tuning},
    remedy: quantizeRemedy(options, mode),
    peakRssBytes: largest([biasErrors, range, ...calibrations]),
    warnings: [
      ...unmatched,
      ...dataAdvice(options),
      ...(found?.warnings ?? []),
      ...range.warnings,
      ...[...new Set(calibrations.flatMap(({notes}) => notes))].map((message) => ({code: 'DATA_NOTE', message})),
    ],
  }
}

function largest(peaks: readonly ({readonly peakRssBytes: number} | undefined)[]): number {
  return Math.max(0, ...peaks.map((peak) => peak?.peakRssBytes ?? 0))
}

interface TuneContext {
  readonly options: QuantizeOptions
  readonly graphOptions: Omit<GraphOptions, 'calibrate' | 'tuning'>
  /** Ranges of a prepared model's tensors, each measured once. */
  readonly calibrate: (prepared: Model) => PassOptions['calibrate']
}

/** Patterns, which options have as text. */
function patternsIn({exclude, overrides}: Own): Pick<PassOptions, 'exclude' | 'overrides'> {
  return {
    exclude: patternsOf(exclude),
    overrides: overrides.map(({pattern, to}) => ({pattern: patternOf(pattern), to})),
  }
}

/** Every alternative starts from the file again. */
async function tune(
  {file, model, sizes, data}: Opened,
  {options, graphOptions, calibrate}: TuneContext,
  effects: Effects,
): Promise<TuneResult> {
  const {provider, threads, dims, seed} = options.run
  const settings = {provider, threads, dims}
  const source = sourceOf({samples: data.judge ?? data.learn, plan: sizes.plan}, seed)
  const task = {
    model,
    isStatic: data.learn !== undefined,
    contender: (path: string) => modelStarts(path, settings, {source, batch: 1, signal: effects.signal}),
    write: (tuning: Tuning, path: string) => {
      const change = async ({model: copy}: OpenedModel) => {
        inferModel(copy)
        await quantizeGraph(copy, {...graphOptions, calibrate: calibrate(copy), tuning})
      }
      return writeVariant(file.path, path, change, {signal: effects.signal})
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
