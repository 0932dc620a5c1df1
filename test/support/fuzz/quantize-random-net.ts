import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {UnsupportedError} from '../../../src/errors.js'
import {encodeModel} from '../../../src/io/encode-model.js'
import {openModel} from '../../../src/io/open-model.js'
import type {Model} from '../../../src/ir/model.js'
import {verify} from '../../../src/ir/verify.js'
import type {Range} from '../../../src/passes/quantize/static/activation-scale.js'
import {type GraphOptions, quantizeGraph} from '../../../src/pipelines/quantize/quantize-model.js'
import {type Feeds, modelOf} from '../pass-trial.js'
import {PASS_DEFAULTS} from '../pipeline-options.js'
import {type Results, runGraph} from '../run-graph.js'
import {randomNet} from './random-net.js'

/** The written forms of a static quantization. */
export const STATIC_FORMS = {
  auto: {},
  static: {mode: 'static'},
  qoperator: {mode: 'static', format: 'qoperator'},
  'int8 activations': {mode: 'static', activations: 'int8'},
  'uint8 weights': {mode: 'static', weights: 'uint8'},
  'per tensor': {mode: 'static', perChannel: false},
} as const satisfies Record<string, Partial<GraphOptions>>

/**
 * Quantizes a random net, calibrated on what it is judged on, and runs both in ONNX Runtime, the quantized one optimized.
 *
 * @param folder for temporary files.
 * @returns the signal to noise ratio over all outputs in decibels; undefined where there was nothing to quantize.
 * @throws whatever goes wrong, and Error for a broken graph or an output that is not finite.
 */
export async function quantizeRandomNet(
  seed: number,
  form: keyof typeof STATIC_FORMS,
  folder: string,
): Promise<number | undefined> {
  const {write, feeds} = randomNet(seed)
  const opset = 17
  const before = await runGraph(modelOf(write, opset), feeds)
  const model = modelOf(write, opset)
  const calibrate = (names: readonly string[]) => rangesIn(model, names, feeds, join(folder, 'prepared.onnx'))
  const sizeOf = (dim: unknown) => (typeof dim === 'number' ? dim : 2)
  const options = {...PASS_DEFAULTS, mode: 'auto', perChannel: true, peak: 127, sizeOf, calibrate} as const
  try {
    await quantizeGraph(model, {...options, ...STATIC_FORMS[form]})
  } catch (error) {
    if (error instanceof UnsupportedError) return undefined
    throw error
  }
  const faults = verify(model.graph)
  if (faults.length > 0) throw new Error(faults.join('; '))
  return sqnrDb(before, await runGraph(model, feeds, 'all'))
}

/** What a copy of the model computes for these tensors. */
async function rangesIn(model: Model, names: readonly string[], feeds: Feeds, path: string) {
  writeFileSync(path, encodeModel(model))
  const {model: copy, close} = await openModel(path)
  const {graph} = copy
  for (const value of [...graph.inputs, ...graph.nodes().flatMap((node) => node.outputs)]) {
    if (value && names.includes(value.name) && !value.isOutput && value.producer) graph.addOutput(value)
  }
  const results = {...(await runGraph(copy, feeds)), ...feeds} as Results
  close()
  return new Map(
    names.map((name): [string, Range] => {
      const values = Array.from(results[name]?.data ?? [], Number)
      return [name, {min: Math.min(...values), max: Math.max(...values)}]
    }),
  )
}

function sqnrDb(before: Results, after: Results): number {
  let [signal, noise] = [0, 0]
  for (const [name, {data, dims}] of Object.entries(before)) {
    const got = after[name]
    if (`${got?.dims}` !== `${dims}`) throw new Error(`${name}: expected [${dims}], got [${got?.dims}]`)
    for (let i = 0; i < data.length; i++) {
      const [a, b] = [Number(data[i]), Number(got?.data[i])]
      if (!Number.isFinite(b)) throw new Error(`${name}[${i}] is ${b}`)
      signal += a * a
      noise += (a - b) ** 2
    }
  }
  return noise === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10(signal / noise)
}
