import {InferenceSession, Tensor as OrtTensor} from 'onnxruntime-node'
import {encodeModel} from '../../src/io/encode-model.js'
import type {Model} from '../../src/ir/model.js'
import type {Tensor} from '../../src/ir/tensor.js'
import type {StoredCase} from './onnx-testdata.js'

/** `worst`: the largest difference from the stored outputs, relative where numbers are above 1. */
export type StoredRun = {readonly ran: true; readonly worst: number} | {readonly ran: false; readonly reason: string}

/** What ONNX Runtime makes of a model on the stored inputs, beside the stored outputs. Inputs go by name: a changed model may have fewer. */
export async function runStoredCase(model: Model, stored: StoredCase, names: readonly string[]): Promise<StoredRun> {
  const feeds: Record<string, OrtTensor> = {}
  for (const {name} of model.graph.inputs) {
    const tensor = stored.inputs[names.indexOf(name)]
    if (!tensor) return {ran: false, reason: `input '${name}' is no tensor`}
    feeds[name] = new OrtTensor(tensor.dtype as 'float32', tensor.read() as Float32Array, tensor.shape)
  }
  const outputs = model.graph.outputs.map((value) => value.name)
  try {
    const options = {graphOptimizationLevel: 'disabled', logSeverityLevel: 4, intraOpNumThreads: 1} as const
    const session = await InferenceSession.create(encodeModel(model), options)
    const results = await session.run(feeds)
    await session.release()
    return {ran: true, worst: Math.max(0, ...outputs.map((name, i) => distance(stored.outputs[i], results[name])))}
  } catch (error) {
    return {ran: false, reason: (error as Error).message}
  }
}

/** Infinite when shapes differ. Outputs without a stored result count as equal. */
function distance(expected: Tensor | undefined, real: OrtTensor | undefined): number {
  if (!expected) return 0
  if (!real || JSON.stringify(real.dims) !== JSON.stringify(expected.shape)) return Number.POSITIVE_INFINITY
  const [a, b] = [expected.read() as ArrayLike<unknown>, real.data as ArrayLike<unknown>]
  let worst = 0
  for (let i = 0; i < a.length; i++) {
    if (a[i] === b[i] || (Number.isNaN(a[i]) && Number.isNaN(b[i]))) continue
    if (typeof a[i] === 'string') return Number.POSITIVE_INFINITY
    const [x, y] = [Number(a[i]), Number(b[i])]
    worst = Math.max(worst, Math.abs(x - y) / Math.max(1, Math.abs(x)))
  }
  return Number.isNaN(worst) ? Number.POSITIVE_INFINITY : worst
}
