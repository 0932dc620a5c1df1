import {InferenceSession, Tensor as OrtTensor} from 'onnxruntime-node'
import {encodeModel} from '../../src/io/encode-model.js'
import type {DType} from '../../src/ir/dtype.js'
import type {Model} from '../../src/ir/model.js'
import type {Value} from '../../src/ir/value.js'

/** What a graph gave, by output name. */
export type Results = Record<
  string,
  {readonly type: string; readonly dims: readonly number[]; readonly data: ArrayLike<unknown>}
>

/**
 * Runs a small model in ONNX Runtime in this process, graph optimizations off unless asked for.
 *
 * @param feeds an ONNX Runtime tensor per graph input.
 */
export async function runGraph(
  model: Model,
  feeds: Readonly<Record<string, OrtTensor>>,
  optimization: 'disabled' | 'all' = 'disabled',
): Promise<Results> {
  const session = await InferenceSession.create(encodeModel(model), {
    graphOptimizationLevel: optimization,
    logSeverityLevel: 4,
    intraOpNumThreads: 1,
  })
  const results = await session.run(feeds)
  await session.release()
  return Object.fromEntries(
    Object.entries(results).map(([name, {type, dims, data}]) => [name, {type, dims, data: data as ArrayLike<unknown>}]),
  )
}

/** A tensor of small values, 1, 2, 3, 1, …: valid as floats, indices below `limit`, or bools. */
export function sampleTensor(dtype: DType, dims: readonly number[], limit = 4): OrtTensor {
  const count = dims.reduce((product, size) => product * size, 1)
  const values = Array.from({length: count}, (_, index) => (index + 1) % limit)
  if (dtype === 'bool')
    return new OrtTensor(
      'bool',
      Uint8Array.from(values, (value) => value % 2),
      dims,
    )
  if (dtype === 'int64') return new OrtTensor('int64', BigInt64Array.from(values, BigInt), dims)
  const arrays = {
    float32: Float32Array,
    float64: Float64Array,
    int32: Int32Array,
    int8: Int8Array,
    uint8: Uint8Array,
  } as const
  if (!(dtype in arrays)) throw new Error(`no sample of ${dtype}`)
  const known = dtype as keyof typeof arrays
  return new OrtTensor(known, arrays[known].from(values), dims)
}

/** Makes every value that a node of the main graph computes an output, so that the runtime shows what it is. */
export function exposeAll(model: Model): Value[] {
  const values = model.graph.nodes().flatMap((node) => node.outputs.filter((value) => value !== undefined))
  for (const value of values) if (!model.graph.outputs.includes(value)) model.graph.addOutput(value)
  return values
}
