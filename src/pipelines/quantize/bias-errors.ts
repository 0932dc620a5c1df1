import {join} from 'node:path'
import type {DataSpec} from '../../data/dataset.js'
import type {Effects} from '../../effects.js'
import {writeScratch} from '../../io/write-variant.js'
import type {Model} from '../../ir/model.js'
import type {QuantizeOptions} from '../../options/quantize.js'
import type {Range} from '../../passes/quantize/static/activation-scale.js'
import type {LayerPair} from '../../passes/quantize/static/correct-biases.js'
import type {CalibrationMethod} from '../../runtime/calibrate/calibrate.js'
import {measureLayerErrors} from '../../runtime/layer-errors/measure-layer-errors.js'
import {macsOfFile} from '../inspect/macs-of-file.js'

/** Most samples a mean is taken over; more change no step of a bias. */
const MOST_SAMPLES = 64
/** Fewest, where a sample has many values per channel as a large image has. */
const FEWEST_SAMPLES = 8
/** Multiply-accumulates to spend, under a second of one core: a mean settles long before a range does. */
const AFFORDABLE_MACS = 1.5e10
/** Taken for a sample's work where it cannot be counted. */
const MANY_MACS = 1e9

type BiasOptions = Pick<QuantizeOptions, 'run'>

/** What quantization does to the means of layers, measured on the first samples between a model before and after it. */
export class BiasErrors {
  /** Peak memory of the process that measured; 0 when none did. */
  peakRssBytes = 0
  /** What was measured last, by name in the float graph. */
  errors: ReadonlyMap<string, Float32Array> = new Map()
  #saturation: ReadonlyMap<string, Range> | undefined

  /** @param folder for the two models, removed by the caller. */
  constructor(
    private readonly model: Model,
    private readonly data: DataSpec,
    private readonly options: BiasOptions,
    private readonly calibration: CalibrationMethod,
    private readonly effects: Effects,
    private readonly folder: string,
  ) {}

  get #float(): string {
    return join(this.folder, 'before.onnx')
  }

  /**
   * Keeps the model as it stands, in float.
   *
   * @param saturation where tensors are cut off in integers. A clipped extreme is lost on purpose, and no bias must make up for it:
   *   layers are held against the float model with its tensors cut off alike.
   */
  async keep(saturation: ReadonlyMap<string, Range>): Promise<void> {
    await writeScratch(this.model, this.#float)
    // the extremes are all inside
    this.#saturation = this.calibration === 'minmax' ? undefined : saturation
  }

  /** Measures the model as it stands now against the one that was kept. */
  async measure(layers: readonly LayerPair[]): Promise<ReadonlyMap<string, Float32Array>> {
    const {provider, threads, dims} = this.options.run
    const {signal, progress} = this.effects
    const quantized = join(this.folder, 'after.onnx')
    await writeScratch(this.model, quantized)
    const {errors, peakRssBytes} = await measureLayerErrors(
      {provider, threads, dims},
      {
        float: this.#float,
        quantized,
        layers,
        saturation: this.#saturation,
        data: {...this.data, limit: Math.min(this.data.limit ?? MOST_SAMPLES, await this.#samples())},
        signal,
        onProgress: (done, total) => progress('correcting biases', done, total),
      },
    )
    this.peakRssBytes = peakRssBytes
    this.errors = errors
    return errors
  }

  async #samples(): Promise<number> {
    const macs = (await macsOfFile(this.#float, this.options.run)) ?? MANY_MACS
    return Math.max(FEWEST_SAMPLES, Math.min(MOST_SAMPLES, Math.floor(AFFORDABLE_MACS / macs)))
  }
}
