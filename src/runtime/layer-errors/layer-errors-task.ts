import type {Tensor} from 'onnxruntime-node'
import type {DataSpec} from '../../data/dataset.js'
import {elementCount} from '../../ir/tensor.js'
import type {TaskContext} from '../child/task-context.js'
import {feedBatches, openSamples} from '../inputs/feeds.js'
import {inputPorts} from '../session/ports.js'
import {createSession, runSession} from '../session/session.js'
import type {SessionSettings} from '../session/session-settings.js'
import {toFloat32} from '../session/to-float32.js'

/** Names of one layer's result. */
export interface MeasuredLayer {
  /** An output of the float model. */
  readonly float: string
  /** An output of the quantized model. */
  readonly quantized: string
  /** The input of the quantized model that stands for that output where others read it. */
  readonly input: string
  /** The same of the saturated model, where there is one. */
  readonly floatInput?: string | undefined
  /** Only values inside count. */
  readonly open: {readonly min: number; readonly max: number}
}

export interface LayerErrorsRequest {
  readonly float: string
  readonly quantized: string
  /** The float model, cut like the quantized one, its tensors cut off where integers saturate; the float model's own results when absent. */
  readonly saturated?: string | undefined
  readonly layers: readonly MeasuredLayer[]
  readonly settings: SessionSettings
  readonly data: DataSpec
}

/** One at a time: all results of both models are held at once. */
const ROWS = 1
/** A channel with fewer values than this share of them inside the open range has no mean worth correcting. */
const SMALLEST_SHARE = 0.02
const FRUGAL = {enableMemPattern: false}

/**
 * Runs both models over the data, the quantized one layer by layer on the float one's results.
 *
 * @returns means of quantized − float by channel, in the order of the layers.
 */
export async function layerErrors(request: LayerErrorsRequest, context: TaskContext): Promise<Float32Array[]> {
  const {layers, data} = request
  const settings = {...request.settings, optimization: 'disabled'} as const
  const float = await createSession(request.float, settings, FRUGAL, 'the float model')
  const quantized = await createSession(request.quantized, settings, FRUGAL, 'the quantized model')
  const saturated = request.saturated
    ? await createSession(request.saturated, settings, FRUGAL, 'the float model')
    : undefined
  const dataset = await openSamples(data, inputPorts(float, settings.dims))
  const means = layers.map(({open}) => new ChannelMeans(open))
  const [inFloat, inQuantized] = [layers.map((layer) => layer.float), layers.map((layer) => layer.quantized)]
  let done = 0
  for await (const {feeds, size} of feedBatches(dataset, dataset.fixedBatch ?? ROWS)) {
    const expected = await runSession(float, feeds, inFloat, 'the float model on the calibration data')
    const withResults = (input: (layer: MeasuredLayer) => string | undefined) => {
      const pairs = layers.map((layer) => [input(layer) ?? '', expected[layer.float] as Tensor] as const)
      return {...feeds, ...Object.fromEntries(pairs)}
    }
    const all = withResults(({input}) => input)
    const got = await runSession(quantized, all, inQuantized, 'the quantized model on the calibration data')
    const target = saturated
      ? await runSession(
          saturated,
          withResults(({floatInput}) => floatInput),
          inFloat,
          'the float model, saturated',
        )
      : expected
    for (const [i, layer] of layers.entries()) {
      means[i]?.add(target[layer.float] as Tensor, got[layer.quantized] as Tensor)
    }
    done += size
    context.progress(done, dataset.sampleCount)
  }
  return means.map((mean) => mean.values())
}

/** Sums differences by channel, the second axis. */
class ChannelMeans {
  #sums = new Float64Array(0)
  #counts = new Float64Array(0)
  #each = 0

  constructor(private readonly open: MeasuredLayer['open']) {}

  add(expected: Tensor, got: Tensor): void {
    const [rows = 1, channels = 1, ...rest] = expected.dims
    const inner = elementCount(rest)
    const [a, b] = [toFloat32(expected), toFloat32(got)]
    if (this.#sums.length === 0) [this.#sums, this.#counts] = [new Float64Array(channels), new Float64Array(channels)]
    for (let run = 0; run < rows * channels; run++) this.#addRun(a, b, {from: run * inner, inner, c: run % channels})
    this.#each += rows * inner
  }

  #addRun(a: Float32Array, b: Float32Array, {from, inner, c}: {from: number; inner: number; c: number}): void {
    const {min, max} = this.open
    let [sum, count] = [0, 0]
    for (let i = from; i < from + inner; i++) {
      const value = a[i] as number
      if (value <= min || value >= max) continue
      sum += (b[i] as number) - value
      count++
    }
    this.#sums[c] = (this.#sums[c] as number) + sum
    this.#counts[c] = (this.#counts[c] as number) + count
  }

  values(): Float32Array {
    const fewest = SMALLEST_SHARE * this.#each
    return Float32Array.from(this.#sums, (sum, c) => {
      const count = this.#counts[c] as number
      return count > fewest && Number.isFinite(sum) ? sum / count : 0
    })
  }
}
