import {performance} from 'node:perf_hooks'
import {parseBudget} from '../bench/budget.js'
import {UsageError} from '../errors.js'
import {checkOutput} from '../io/check-output.js'
import {openModel} from '../io/open-model.js'
import {inferModel} from '../ops/infer-graph.js'
import type {QuantizeResult, Warning} from '../results.js'
import {cpuFeatures} from '../runtime/describe-machine.js'
import {checkProviders} from '../runtime/providers.js'
import {Calibration} from './calibration.js'
import {dataSpecs} from './data-specs.js'
import {documentChanges} from './document-changes.js'
import {evalBatch} from './eval-batch.js'
import {expectedSizes} from './expected-sizes.js'
import type {DataOptions, Effects} from './options.js'
import {outputPath} from './output-path.js'
import {portsOf} from './ports-of.js'
import {type Cpu, targetCpu} from './quantize-cpu.js'
import {type QuantizeMode, quantizeGraph} from './quantize-graph.js'
import {type ProveOptions, writeAndProve} from './write-and-prove.js'

export interface QuantizeOptions extends ProveOptions, DataOptions {
  readonly mode: QuantizeMode
  readonly perChannel: boolean
  readonly calibration: 'minmax' | 'percentile'
  readonly percentile: number
  readonly exclude: readonly RegExp[]
  readonly cpu: Cpu
}

/** Samples that calibration reads when `--limit` does not say. */
const CALIBRATION_SAMPLES = 300

/** Reads a model, makes its weights and products integers, writes it, and proves with ONNX Runtime what that did. */
export async function quantize(path: string, options: QuantizeOptions, effects: Effects): Promise<QuantizeResult> {
  const started = performance.now()
  const target = outputPath(path, 'int8', options.output)
  requireSense(options)
  checkOutput(target, {force: options.force, inputs: [path]})
  await checkProviders([options.provider], {signal: effects.signal})
  const opened = await openModel(path)
  try {
    const {model} = opened
    inferModel(model)
    const sizes = expectedSizes(model, options)
    const needed = {judge: options.eval !== undefined || options.maxDrop !== undefined, inputs: portsOf(model)}
    const data = await dataSpecs({...options, limit: options.limit ?? CALIBRATION_SAMPLES}, options.seed, needed)
    const cpu = targetCpu(options.cpu, process.arch, cpuFeatures())
    const calibration = new Calibration(model, data.learn, options, effects)
    const graphOptions = {...options, peak: cpu.peak, sizeOf: sizes.sizeOf, calibrate: calibration.function}
    const report = await quantizeGraph(model, graphOptions)
    const work = {
      input: {path, sizeBytes: opened.sizeBytes},
      model,
      outputPath: target,
      plan: sizes.plan,
      samples: data.judge ?? data.learn,
      judge: data.judge,
      evalBatch: evalBatch(model),
    }
    const proof = await writeAndProve(work, options, effects)
    return {
      schemaVersion: 1,
      command: 'quantize',
      input: work.input,
      ...proof,
      mode: data.learn && options.mode === 'auto' ? 'static' : options.mode === 'auto' ? 'dynamic' : options.mode,
      cpu: cpu.name,
      changed: documentChanges(report.changed),
      skipped: report.skipped,
      warnings: [...model.warnings, ...data.warnings, ...dataAdvice(options), ...proof.warnings],
      seconds: (performance.now() - started) / 1000,
      peakRssBytes: Math.max(ownPeakRssBytes(), calibration.peakRssBytes, proof.peakRssBytes),
    }
  } finally {
    opened.close()
  }
}

/** Everything that can be said of the flags before any file is read. */
function requireSense(options: QuantizeOptions): void {
  parseBudget(options)
  if (options.mode === 'static' && options.data === undefined) {
    throw new UsageError('--mode static: expected --data with samples to calibrate on, got none', {
      hint: 'give --data FILE, or use --mode dynamic, which needs no samples',
    })
  }
}

/** The hint that a model without data could be faster still. */
function dataAdvice({data, mode}: QuantizeOptions): Warning[] {
  if (data !== undefined || mode !== 'auto') return []
  const message = 'no --data: activations are quantized at run time or stay float'
  return [
    {
      code: 'NO_DATA',
      message,
      hint: '--data FILE with about 100 samples turns on static quantization, fastest for CNNs',
    },
  ]
}

function ownPeakRssBytes(): number {
  return process.resourceUsage().maxRSS * 1024
}
