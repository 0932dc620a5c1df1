import {expect} from 'chai'
import {GraphBuilder} from '../../../src/ir/build.js'
import {evaluateDim} from '../../../src/ir/dim.js'
import type {DType} from '../../../src/ir/dtype.js'
import {Graph} from '../../../src/ir/graph.js'
import {emptyModel} from '../../../src/ir/model.js'
import type {Shape} from '../../../src/ir/types.js'
import type {Value} from '../../../src/ir/value.js'
import {inferModel} from '../../../src/ops/infer-graph.js'
import {dtypeOf, shapeOf} from '../../../src/ops/operand.js'
import {runGraph, sampleTensor} from '../run-graph.js'

/** The shapes inferred for outputs, which are those that ONNX Runtime computes. ONNX Runtime's JavaScript interface gives no lists, so every graph ends in tensors. */
export async function shapesOf(
  describe: (build: GraphBuilder) => readonly Value[],
  opset = 18,
): Promise<(Shape | undefined)[]> {
  const graph = new Graph()
  for (const value of describe(new GraphBuilder(graph))) graph.addOutput(value)
  const model = emptyModel(graph, opset)
  const feeds = Object.fromEntries(
    graph.inputs.map((input) => {
      const dims = (shapeOf(input) ?? []).map((size) => evaluateDim(size, {N: 6}) as number)
      return [input.name, sampleTensor(dtypeOf(input) ?? 'float32', dims)]
    }),
  )
  const results = await runGraph(model, feeds)
  inferModel(model)
  return graph.outputs.map((value) => {
    expect(dtypeOf(value), value.name).to.equal(results[value.name]?.type as DType)
    const inferred = shapeOf(value)?.map((size) => evaluateDim(size, {N: 6}))
    const real = results[value.name]?.dims.map((size, axis) => (inferred?.[axis] === undefined ? undefined : size))
    if (inferred) expect(inferred, value.name).to.deep.equal(real)
    return shapeOf(value)
  })
}
