import {InferenceSession} from 'onnxruntime-node'
import {encodeModel} from '../../src/io/encode-model.js'
import type {DType, TensorData} from '../../src/ir/dtype.js'
import {tensorOf} from '../../src/ir/tensor.js'
import type {Evaluate} from '../../src/passes/simplify/rule.js'

/** Runs constant nodes in this process: what the child does for `simplify`, without the child. */
export const evaluateInProcess: Evaluate = async (model) => {
  const options = {graphOptimizationLevel: 'disabled', logSeverityLevel: 4, intraOpNumThreads: 1} as const
  try {
    const session = await InferenceSession.create(encodeModel(model), options)
    const results = await session.run({})
    const tensors = model.graph.outputs.map(({name}) => {
      const result = results[name]
      if (!result) throw new Error(`no result '${name}'`)
      return tensorOf(result.type as DType, result.dims, result.data as TensorData)
    })
    await session.release()
    return {tensors}
  } catch (error) {
    return {refused: String(error)}
  }
}
