import type {InferenceSession, Tensor} from 'onnxruntime-node'
import type {DataSpec} from '../../data/dataset.js'
import {DataError} from '../../errors.js'
import type {TaskContext} from '../child/task-context.js'
import {feedBatches, openSamples} from '../inputs/feeds.js'
import {inputPorts} from '../session/ports.js'
import {createSession, runSession} from '../session/session.js'
import type {SessionSettings} from '../session/session-settings.js'
import {toFloat32} from '../session/to-float32.js'
import type {MomentOutputs} from './moment-outputs.js'

export interface MomentsRequest {
  /** A model with `outputs` added to it. */
  readonly path: string
  readonly outputs: readonly MomentOutputs[]
  readonly settings: SessionSettings
  readonly data: DataSpec
}

/** What a tensor's channels were over the data. */
export interface Moments {
  /** E[x²] of each channel, `[channels]`. */
  readonly squares: Float64Array
  /** XᵀX over all rows, `[channels, channels]`; only where asked for. */
  readonly products: Float64Array | undefined
  /** Rows of X: samples, or their positions where a tensor has several. Copies that fill up a fixed batch count too. */
  readonly rows: number
}

/**
 * A matrix of products is fetched with every run, so runs shouldn't be tiny; activations of more rows gain no speed. A convolution has
 * thousands of rows in one sample, and a window takes its values many times.
 */
const [SAMPLES, SAMPLES_OF_WINDOWS] = [16, 1]
/** Multiply-accumulates to spend on products, some seconds of a core: rows beyond those that are enough change little. */
const AFFORDABLE_MACS = 1e11
const ENOUGH = {rowsPerChannel: 16, samples: 16}
const FRUGAL = {enableMemPattern: false}

/** Runs a model over the data and sums up its moment outputs in float64. */
export async function moments(request: MomentsRequest, context: TaskContext): Promise<Moments[]> {
  const settings = {...request.settings, optimization: 'disabled'} as const
  const session = await createSession(request.path, settings, FRUGAL, 'the model that measures itself')
  const dataset = await openSamples(request.data, inputPorts(session, request.settings.dims))
  const sums = request.outputs.map((names) => new Sum(names))
  const fetches = sums.flatMap((sum) => sum.fetches)
  let done = 0
  const samples = sums.some(({hasWindow}) => hasWindow) ? SAMPLES_OF_WINDOWS : SAMPLES
  for await (const {feeds, size} of feedBatches(dataset, dataset.fixedBatch ?? samples)) {
    const results = await runSession(session, feeds, fetches, 'the model on the calibration data')
    for (const sum of sums) sum.add(results)
    done += size
    context.progress(done, dataset.sampleCount)
    const macs = sums.reduce((all, sum) => all + sum.macs, 0)
    if (macs > AFFORDABLE_MACS && done >= ENOUGH.samples && sums.every((sum) => sum.hasEnough)) break
  }
  return sums.map((sum) => sum.moments())
}

class Sum {
  readonly #total: Float64Array
  #rows = 0

  constructor(private readonly names: MomentOutputs) {
    const {channels, products} = names
    this.#total = new Float64Array(products ? channels * channels : channels)
  }

  get hasWindow(): boolean {
    return this.names.window !== undefined
  }

  /** What the products took so far. */
  get macs(): number {
    return this.names.products ? this.#rows * this.names.channels ** 2 : 0
  }

  get hasEnough(): boolean {
    return this.#rows >= ENOUGH.rowsPerChannel * this.names.channels
  }

  get fetches(): string[] {
    return [this.names.moments, this.names.size]
  }

  add(results: InferenceSession.OnnxValueMapType): void {
    const {channels, products, moments, size} = this.names
    const rows = Number((results[size] as Tensor).data[0]) / channels
    if (rows === 0) return
    const values = toFloat32(results[moments] as Tensor)
    const factor = products ? 1 : rows
    for (let i = 0; i < values.length; i++) {
      this.#total[i] = (this.#total[i] as number) + factor * (values[i] as number)
    }
    this.#rows += rows
  }

  /** @throws DataError at NaN and infinity. */
  moments(): Moments {
    const {tensor, channels, products} = this.names
    const total = this.#total
    if (!total.every(Number.isFinite)) {
      throw new DataError(`tensor '${tensor}': expected finite values, got NaN or infinity`, {
        hint: 'The model itself computes it on this data: check the preprocessing',
      })
    }
    const rows = this.#rows
    const sums = products ? Float64Array.from({length: channels}, (_, k) => total[k * (channels + 1)] as number) : total
    return {squares: sums.map((sum) => sum / Math.max(1, rows)), products: products ? total : undefined, rows}
  }
}
