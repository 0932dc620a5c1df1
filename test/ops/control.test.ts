import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {GraphBuilder} from '../../src/ir/build.js'
import {evaluateDim} from '../../src/ir/dim.js'
import type {DType} from '../../src/ir/dtype.js'
import {Graph} from '../../src/ir/graph.js'
import {emptyModel, type Model} from '../../src/ir/model.js'
import type {Shape} from '../../src/ir/types.js'
import type {Value} from '../../src/ir/value.js'
import {inferModel} from '../../src/ops/infer-graph.js'
import {dtypeOf, shapeOf} from '../../src/ops/operand.js'
import {runGraph, sampleTensor} from '../support/run-graph.js'

function modelWith(describe: (build: GraphBuilder) => readonly Value[]): Model {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  for (const value of describe(build)) build.output(value)
  return emptyModel(graph, 17)
}

function subgraph(parent: Graph, describe: (build: GraphBuilder) => readonly Value[]): Graph {
  const graph = new Graph('body', parent)
  const build = new GraphBuilder(graph)
  for (const value of describe(build)) build.output(value)
  return graph
}

/** Runs the model, infers it, and compares every output: numbers with numbers, unknown sizes left out. */
async function expectReal(
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

describe('If', () => {
  it('knows the sizes on which both branches agree, captures included', async () => {
    const model = modelWith((build) => {
      const x = build.input('x', ['N', 4])
      const then_branch = subgraph(build.graph, (inner) => [inner.op('Relu', [x])])
      const else_branch = subgraph(build.graph, (inner) => [inner.op('Concat', [x, x], {axis: 1})])
      return [build.op('If', [build.input('c', [], 'bool')], {then_branch, else_branch})]
    })
    const feeds = {x: sampleTensor('float32', [2, 4]), c: new OrtTensor('bool', Uint8Array.of(1), [])}
    expect(await expectReal(model, feeds)).to.deep.equal([['N', undefined]])
  })
})

describe('Loop', () => {
  it('widens carried sizes that grow and stacks the scan outputs', async () => {
    const model = modelWith((build) => {
      const [x, y] = [build.input('x', ['N', 3]), build.input('y', ['N', 3])]
      const body = subgraph(build.graph, (inner) => {
        inner.input('round', [], 'int64')
        const go = inner.input('go', [], 'bool')
        const [growing, steady] = [inner.input('growing', undefined), inner.input('steady', undefined)]
        const sum = inner.op('Relu', [steady])
        return [
          inner.op('Identity', [go]),
          inner.op('Concat', [growing, y], {axis: 1}),
          sum,
          inner.op('Identity', [sum]),
        ]
      })
      return [
        ...build.node('Loop', [build.scalar(3, 'int64'), build.scalar(1, 'bool'), x, y], {body}, {outputs: 3}).outputs,
      ] as Value[]
    })
    const feeds = {x: sampleTensor('float32', [2, 3]), y: sampleTensor('float32', [2, 3])}
    expect(await expectReal(model, feeds)).to.deep.equal([
      ['N', undefined],
      ['N', 3],
      [undefined, 'N', 3],
    ])
  })
})

describe('Scan', () => {
  it('takes slices in and stacks them along the axis asked for', async () => {
    const model = modelWith((build) => {
      const [state, sequence] = [build.input('state', ['N']), build.input('sequence', ['N', 5])]
      const body = subgraph(build.graph, (inner) => {
        const [before, slice] = [inner.input('before', undefined), inner.input('slice', undefined)]
        const after = inner.op('Add', [before, slice])
        return [after, inner.op('Identity', [after])]
      })
      const attributes = {body, num_scan_inputs: 1, scan_input_axes: [1], scan_output_axes: [1]}
      return [...build.node('Scan', [state, sequence], attributes, {outputs: 2}).outputs] as Value[]
    })
    const feeds = {state: sampleTensor('float32', [2]), sequence: sampleTensor('float32', [2, 5])}
    expect(await expectReal(model, feeds)).to.deep.equal([['N'], ['N', 5]])
  })
})
