import {join} from 'node:path'
import type {DataSpec} from '../../data/dataset.js'
import type {Effects} from '../../effects.js'
import {openModel} from '../../io/open-model.js'
import {withTempFolder} from '../../io/with-temp-folder.js'
import {writeScratch} from '../../io/write-variant.js'
import type {Model} from '../../ir/model.js'
import {batchAxes} from '../../judge/batch-axes.js'
import type {QuantizeOptions} from '../../options/quantize.js'
import {type CalibratedRanges, type CalibrationMethod, calibrate} from '../../runtime/calibrate/calibrate.js'
import type {BatchAxes} from '../../runtime/inputs/batch-axis.js'
import {calibrationProcesses} from './calibration-processes.js'
import type {Measure} from './known-ranges.js'

/** The rooms of options that decide how activations are measured. */
export type CalibrationOptions = Pick<QuantizeOptions, 'quantize' | 'run' | 'data'>

/** The methods that `auto` tries, in this order: the first that keeps the answers is taken. */
export const AUTO_METHODS: readonly CalibrationMethod[] = ['minmax', 'mse', 'percentile']

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
    private readonly data: DataSpec,
    private readonly options: CalibrationOptions,
    private readonly effects: Effects,
  ) {}

  /** Measures tensors of the model. */
  readonly measure: Measure = (tensors) => this.#measure(tensors)

  /** The model as it stands, BatchNormalization folded, goes to a temporary file that the child reads. */
  async #measure(tensors: readonly string[]): Promise<CalibratedRanges> {
    const {data} = this
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
      const measured = await calibrate(
        path,
        {provider, threads, dims},
        {
          data,
          tensors,
          batchAxes: await axesOf(path, tensors),
          method: calibration === 'auto' ? 'minmax' : calibration,
          also: calibration === 'auto' ? AUTO_METHODS : ['minmax'],
          percentile,
          batch,
          processes: await calibrationProcesses(path, data.limit ?? MANY_SAMPLES, run),
          signal,
          onProgress: (done, total) => progress('calibrating', done, total),
        },
      )
      this.peakRssBytes = Math.max(this.peakRssBytes, measured.peakRssBytes)
      this.notes = measured.notes
      return measured
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
