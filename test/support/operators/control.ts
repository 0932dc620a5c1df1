import {expect} from 'chai'
import type {Tensor as OrtTensor} from 'onnxruntime-node'
import {GraphBuilder} from '../../../src/ir/build.js'
import {evaluateDim} from '../../../src/ir/dim.js'
import type {DType} from '../../../src/ir/dtype.js'
import {Graph} from '../../../src/ir/graph.js'
import {emptyModel, type Model} from '../../../src/ir/model.js'
import type {Shape} from '../../../src/ir/types.js'
import type {Value} from '../../../src/ir/value.js'
import {inferModel} from '../../../src/ops/infer-graph.js'
import {dtypeOf, shapeOf} from '../../../src/ops/operand.js'
import {runGraph} from '../run-graph.js'

/** A model at opset 17 with the values as outputs. */
export function modelWith(describe: (build: GraphBuilder) => readonly Value[]): Model {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  for (const value of describe(build)) build.output(value)
  return emptyModel(graph, 17)
}

/** A subgraph with the values as outputs. */
export function subgraph(parent: Graph, describe: (build: GraphBuilder) => readonly Value[]): Graph {
  const graph = new Graph('body', parent)
  const build = new GraphBuilder(graph)
  for (const value of describe(build)) build.output(value)
  return graph
}

/** Runs the model, infers it, and compares every output: numbers with numbers, unknown sizes left out. */
export async function expectReal(
  model: Model,
  feeds: Readonly<Record<string, OrtTensor>>,
): Promise<readonly (Shape | undefined)[]> {
  const results = await runGraph(model, feeds)
  inferModel(model)
  for (const value of model.graph.outputs) {
    const real = results[value.name]
    expect(dtypeOf(value), value.name).to.equal(real?.type as DType)
    const inferred = shapeOf(value)?.map((size) => evaluateDim(size, {N: 2}))
    expect(inferred, value.name).to.deep.equal(
      real?.dims.map((size, axis) => (inferred?.[axis] === undefined ? undefined : size)),
    )
  }
  return model.graph.outputs.map(shapeOf)
}
