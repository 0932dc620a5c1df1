import type {InferenceSession, Tensor} from 'onnxruntime-node'
import {uniformInt} from 'pure-rand/distribution/uniformInt'
import {xoroshiro128plus} from 'pure-rand/generator/xoroshiro128plus'
import type {DataSpec} from '../../data/dataset.js'
import type {TaskContext} from '../child/task-context.js'
import {feedBatches, openSamples} from '../inputs/feeds.js'
import {inputPorts} from '../session/ports.js'
import {createSession, type Feeds, runSession} from '../session/session.js'
import type {SessionSettings} from '../session/session-settings.js'
import {toFloat32} from '../session/to-float32.js'
import {probe, type Yardstick} from './probe.js'

/** Names of one layer's result. */
export interface EffectLayer {
  /** An output of the float model, and the input of the quantized one that stands for it where others read it. */
  readonly float: string
  readonly input: string
  /** The outputs of both whose difference is the layer's error. */
  readonly before: string
  readonly after: string
  /** The output with the gradient of `before`; undefined where that reaches no output. */
  readonly gradient: string | undefined
}

export interface LayerEffectsRequest {
  readonly float: string
  readonly quantized: string
  readonly gradients: string
  readonly layers: readonly EffectLayer[]
  /** Output of the float model to the input of the gradients' model that weighs its elements. */
  readonly weights: ReadonlyMap<string, string>
  readonly yardstick: Yardstick
  readonly settings: SessionSettings
  readonly data: DataSpec
  readonly seed: number
}

/** Random weightings per sample. With 64 samples the estimate of a layer is right to some 10 %. */
const PROBES = 4
const ROWS = 1
const FRUGAL = {enableMemPattern: false}

/**
 * First-order estimate of what each layer's error does to the outputs: Δ is measured between the quantized layer and the float one, both
 * on the float model's tensors, and for random weightings w of the outputs the gradient g of w·y at the layer tells that the outputs
 * move by g·Δ along w. The mean of (g·Δ)² is |JΔ|² in the measure that the weightings are drawn for.
 *
 * @see Hutchinson 1990 for the random signs; the classes' measure is the Fisher information, the second order of the KL divergence.
 * @returns one number per layer, in their order.
 */
export async function layerEffects(request: LayerEffectsRequest, context: TaskContext): Promise<number[]> {
  const {layers, weights, yardstick, data} = request
  const settings = {...request.settings, optimization: 'disabled'} as const
  const float = await createSession(request.float, settings, FRUGAL, 'the float model')
  const quantized = await createSession(request.quantized, settings, FRUGAL, 'the quantized model')
  const gradients = await createSession(request.gradients, settings, FRUGAL, 'the gradients of the outputs')
  const dataset = await openSamples(data, inputPorts(float, settings.dims))
  const random = xoroshiro128plus(request.seed)
  const sign = () => 2 * uniformInt(random, 0, 1) - 1
  const sums = new Float64Array(layers.length)
  let [done, runs] = [0, 0]
  for await (const {feeds, size} of feedBatches(dataset, dataset.fixedBatch ?? ROWS)) {
    const names = [...new Set([...layers.flatMap(({float, before}) => [float, before]), ...weights.keys()])]
    const expected = await runSession(float, feeds, names, 'the float model')
    const changes = await changesOf(quantized, feeds, layers, expected)
    for (let i = 0; i < PROBES; i++, runs++) {
      const drawn = [...weights].map(([output, input]) => [input, probe(expected[output] as Tensor, yardstick, sign)])
      const wanted = layers.flatMap(({gradient}) => gradient ?? [])
      const found = await runSession(gradients, {...feeds, ...Object.fromEntries(drawn)}, wanted, 'the gradients')
      for (const [at, {gradient}] of layers.entries()) {
        if (gradient === undefined) continue
        const moved = dot(toFloat32(found[gradient] as Tensor), changes[at] as Float32Array)
        sums[at] = (sums[at] as number) + moved ** 2
      }
    }
    done += size
    context.progress(done, dataset.sampleCount)
  }
  return Array.from(sums, (sum) => sum / Math.max(1, runs))
}

/** Quantized − float of every layer's result, every layer given the float model's tensors. */
async function changesOf(
  quantized: InferenceSession,
  feeds: Feeds,
  layers: readonly EffectLayer[],
  expected: Feeds,
): Promise<Float32Array[]> {
  const inside = layers.map(({input, float}) => [input, expected[float] as Tensor] as const)
  const all = {...feeds, ...Object.fromEntries(inside)}
  const got = await runSession(
    quantized,
    all,
    layers.map(({after}) => after),
    'the quantized model',
  )
  return layers.map(({before, after}) => {
    const values = toFloat32(expected[before] as Tensor)
    return toFloat32(got[after] as Tensor).map((value, i) => value - (values[i] as number))
  })
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}
