import {join} from 'node:path'
import type {DataSpec} from '../../data/dataset.js'
import type {Effects} from '../../effects.js'
import {openModel} from '../../io/open-model.js'
import {withTempFolder} from '../../io/with-temp-folder.js'
import {writeScratch} from '../../io/write-variant.js'
import type {Model} from '../../ir/model.js'
import {batchAxes} from '../../judge/batch-axes.js'
import type {QuantizeOptions} from '../../options/quantize.js'
import type {Range} from '../../passes/quantize/static/activation-scale.js'
import {calibrate} from '../../runtime/calibrate/calibrate.js'
import type {BatchAxes} from '../../runtime/inputs/batch-axis.js'
import type {Calibrate} from './calibrated-plan.js'
import {calibrationProcesses} from './calibration-processes.js'

/** The rooms of options that decide how activations are measured. */
export type CalibrationOptions = Pick<QuantizeOptions, 'quantize' | 'run' | 'data'>

/** Taken for the number of samples where no limit says it. */
const MANY_SAMPLES = 1000

/** Measures a model's activations on data; remembers what memory that took. */
export class Calibration {
  /** Peak memory of the processes that calibrated; 0 when none did. */
  peakRssBytes = 0
  /** What reading the data gave to say. */
  notes: readonly string[] = []

  constructor(
    private readonly model: Model,
    private readonly data: DataSpec | undefined,
    private readonly options: CalibrationOptions,
    private readonly effects: Effects,
  ) {}

  /** What measures tensors; undefined when nothing is to be calibrated. */
  get function(): Calibrate | undefined {
    const {data} = this
    const {mode} = this.options.quantize
    if (!data || (mode !== 'auto' && mode !== 'static')) return undefined
    return (tensors) => this.#measure(tensors, data)
  }

  /** The model as it stands, BatchNormalization folded, goes to a temporary file that the child reads. */
  async #measure(tensors: readonly string[], data: DataSpec): Promise<ReadonlyMap<string, Range>> {
    const {
      run,
      quantize,
      data: {batch},
    } = this.options
    const {provider, threads, dims} = run
    const {calibration, percentile} = quantize
    const {signal, progress} = this.effects
    return withTempFolder(async (folder) => {
      const path = join(folder, 'prepared.onnx')
      await writeScratch(this.model, path)
      const {ranges, peakRssBytes, notes} = await calibrate(
        path,
        {provider, threads, dims},
        {
          data,
          tensors,
          batchAxes: await axesOf(path, tensors),
          method: calibration,
          percentile,
          batch,
          processes: await calibrationProcesses(path, data.limit ?? MANY_SAMPLES, run),
          signal,
          onProgress: (done, total) => progress('calibrating', done, total),
        },
      )
      this.peakRssBytes = peakRssBytes
      this.notes = notes
      return ranges
    })
  }
}

/** The model is read again: finding the axes changes its types. */
async function axesOf(path: string, tensors: readonly string[]): Promise<BatchAxes> {
  const file = await openModel(path)
  try {
    return batchAxes(file.model, tensors)
  } finally {
    file.close()
  }
}
