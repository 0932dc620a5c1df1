import {UsageError} from '../errors.js'
import {isPacked, WEIGHT_TYPES} from '../passes/quantize/weight-type.js'
import type {QuantizeResult, Warning} from '../results.js'
import type {CalibrationMethod} from '../runtime/calibrate.js'
import {ConstantFolder} from '../runtime/constant-folder.js'
import {cpuFeatures} from '../runtime/describe-machine.js'
import {Calibration} from './calibration.js'
import type {Effects} from './options.js'
import {type Cpu, targetCpu} from './quantize-cpu.js'
import {quantizeGraph} from './quantize-graph.js'
import type {PassOptions} from './quantize-passes.js'
import {type Changed, type Opened, type TransformOptions, transform} from './transform.js'
import {unmatchedPatterns} from './unmatched-patterns.js'

export interface QuantizeOptions
  extends TransformOptions,
    Omit<PassOptions, 'peak' | 'sizeOf' | 'calibrate' | 'provider'> {
  readonly calibration: CalibrationMethod
  readonly percentile: number
  readonly cpu: Cpu
}

/** Samples that calibration reads when `--limit` does not say. */
const CALIBRATION_SAMPLES = 300

/** Reads a model, makes its numbers smaller, writes it, and proves with ONNX Runtime what that did. */
export async function quantize(path: string, options: QuantizeOptions, effects: Effects): Promise<QuantizeResult> {
  requireSense(options)
  const chosen = {...options, mode: chosenMode(options), limit: options.limit ?? CALIBRATION_SAMPLES}
  const transformation = {
    command: 'quantize',
    suffix: suffixOf(chosen),
    change: (opened: Opened) => change(opened, chosen, effects),
  }
  return transform(path, transformation, chosen, effects)
}

function requireSense({mode, data, weights, format, blockSize}: QuantizeOptions): void {
  if (mode === 'static' && data === undefined) {
    throw new UsageError('--mode static: expected --data with samples to calibrate on, got none', {
      hint: 'Give --data FILE, or use --mode dynamic, which needs no samples',
    })
  }
  if (isPacked(WEIGHT_TYPES[weights]) && (mode === 'static' || mode === 'dynamic')) {
    throw new UsageError(`--weights ${weights}: expected --mode weights with it, got --mode ${mode}`, {
      hint: 'ONNX Runtime has integer kernels for 8 bits only; 4-bit weights compute in float',
    })
  }
  if (format === 'ort' && (blockSize < 16 || (blockSize & (blockSize - 1)) !== 0)) {
    throw new UsageError(`--block-size ${blockSize}: expected a power of two from 16 on with --format ort`)
  }
}

/** 4-bit weights, and the runtime's block operators, leave `auto` nothing to choose. */
function chosenMode({mode, weights, format}: QuantizeOptions): PassOptions['mode'] {
  return mode === 'auto' && (isPacked(WEIGHT_TYPES[weights]) || format === 'ort') ? 'weights' : mode
}

function suffixOf({mode, weights}: QuantizeOptions): string {
  if (mode === 'float16') return 'fp16'
  return isPacked(WEIGHT_TYPES[weights]) ? 'int4' : 'int8'
}

async function change(
  {file, model, sizes, data}: Opened,
  options: QuantizeOptions,
  effects: Effects,
): Promise<Changed<{mode: string; cpu: string}>> {
  const cpu = targetCpu(options.cpu, process.arch, cpuFeatures())
  const unmatched = unmatchedPatterns(model.graph, options)
  const calibration = new Calibration(model, data.learn, options, effects)
  const folder = new ConstantFolder({signal: effects.signal})
  const report = await quantizeGraph(model, {
    ...options,
    path: file.path,
    peak: cpu.peak,
    sizeOf: sizes.sizeOf,
    calibrate: calibration.function,
    evaluate: folder.evaluate,
  }).finally(() => folder.close())
  return {
    report,
    facts: {mode: modeOf(options), cpu: cpu.name},
    peakRssBytes: calibration.peakRssBytes,
    warnings: [
      ...unmatched,
      ...dataAdvice(options),
      ...calibration.notes.map((message) => ({code: 'DATA_NOTE', message})),
    ],
  }
}

/** What `auto` comes to. */
function modeOf({mode, data}: QuantizeOptions): string {
  if (mode !== 'auto') return mode
  return data === undefined ? 'dynamic' : 'static'
}

/** A model without data could be faster still. */
function dataAdvice({data, mode}: QuantizeOptions): Warning[] {
  if (data !== undefined || mode !== 'auto') return []
  const message = 'no --data: activations are quantized at run time or stay float'
  const hint = '--data FILE with about 100 samples turns on static quantization, the fastest form for CNNs'
  return [{code: 'NO_DATA', message, hint}]
}
