import {UsageError} from '../errors.js'
import type {QuantizeResult, Warning} from '../results.js'
import type {CalibrationMethod} from '../runtime/calibrate.js'
import {cpuFeatures} from '../runtime/describe-machine.js'
import {Calibration} from './calibration.js'
import type {Effects} from './options.js'
import {type Cpu, targetCpu} from './quantize-cpu.js'
import {type QuantizeMode, quantizeGraph} from './quantize-graph.js'
import {type Changed, type Opened, type TransformOptions, transform} from './transform.js'

export interface QuantizeOptions extends TransformOptions {
  readonly mode: QuantizeMode
  readonly perChannel: boolean
  readonly calibration: CalibrationMethod
  readonly percentile: number
  readonly exclude: readonly RegExp[]
  readonly cpu: Cpu
}

/** Samples that calibration reads when `--limit` does not say. */
const CALIBRATION_SAMPLES = 300

/** Reads a model, makes its weights and products integers, writes it, and proves with ONNX Runtime what that did. */
export async function quantize(path: string, options: QuantizeOptions, effects: Effects): Promise<QuantizeResult> {
  if (options.mode === 'static' && options.data === undefined) {
    throw new UsageError('--mode static: expected --data with samples to calibrate on, got none', {
      hint: 'Give --data FILE, or use --mode dynamic, which needs no samples',
    })
  }
  const transformation = {
    command: 'quantize',
    suffix: 'int8',
    change: (opened: Opened) => change(opened, options, effects),
  }
  return transform(path, transformation, {...options, limit: options.limit ?? CALIBRATION_SAMPLES}, effects)
}

async function change(
  {file, model, sizes, data}: Opened,
  options: QuantizeOptions,
  effects: Effects,
): Promise<Changed<{mode: string; cpu: string}>> {
  const cpu = targetCpu(options.cpu, process.arch, cpuFeatures())
  const calibration = new Calibration(model, data.learn, options, effects)
  const report = await quantizeGraph(model, {
    ...options,
    path: file.path,
    peak: cpu.peak,
    sizeOf: sizes.sizeOf,
    calibrate: calibration.function,
  })
  return {
    report,
    facts: {mode: modeOf(options), cpu: cpu.name},
    peakRssBytes: calibration.peakRssBytes,
    warnings: [...dataAdvice(options), ...calibration.notes.map((message) => ({code: 'DATA_NOTE', message}))],
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
