import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {ShapeError} from '../../src/errors.js'
import {GraphBuilder} from '../../src/ir/build.js'
import {evaluateDim} from '../../src/ir/dim.js'
import type {DType} from '../../src/ir/dtype.js'
import {Graph} from '../../src/ir/graph.js'
import {emptyModel, type Model} from '../../src/ir/model.js'
import type {Shape} from '../../src/ir/types.js'
import type {Value} from '../../src/ir/value.js'
import {inferModel, macsOf} from '../../src/ops/infer-graph.js'
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

describe('If with a condition that is known', () => {
  /** What PyTorch writes for `x.squeeze(1)`. */
  function squeezed(): Model {
    return modelWith((build) => {
      const x = build.input('x', ['N', 'C', 4])
      const length = build.op('Gather', [build.op('Shape', [x]), build.scalar(1, 'int64')])
      const isOne = build.op('Equal', [length, build.scalar(1, 'int64')])
      const then_branch = subgraph(build.graph, (inner) => [inner.op('Squeeze', [x, build.ints([1])])])
      const else_branch = subgraph(build.graph, (inner) => [inner.op('Identity', [x])])
      return [build.op('If', [isOne], {then_branch, else_branch})]
    })
  }

  for (const C of [1, 3]) {
    it(`follows the branch that runs for a size of ${C}`, async () => {
      const results = await runGraph(squeezed(), {x: sampleTensor('float32', [2, C, 4])})
      const model = squeezed()
      inferModel(model, {dims: {N: 2, C}})
      const [output] = model.graph.outputs as [Value]
      expect(shapeOf(output)).to.deep.equal(results[output.name]?.dims)
    })
  }

  it('knows not even the rank while the size is free', () => {
    const model = squeezed()
    inferModel(model)
    expect(model.graph.outputs.map(shapeOf)).to.deep.equal([undefined])
    expect(model.graph.outputs.map(dtypeOf)).to.deep.equal(['float32'])
  })

  it('refuses a model of which both branches contradict its sizes', () => {
    const model = modelWith((build) => {
      const x = build.input('x', ['N', 3])
      const bad = (graph: Graph) => subgraph(graph, (inner) => [inner.op('Squeeze', [x, build.ints([1])])])
      const branches = {then_branch: bad(build.graph), else_branch: bad(build.graph)}
      return [build.op('If', [build.input('c', [], 'bool')], branches)]
    })
    expect(() => inferModel(model)).to.throw(ShapeError)
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
      [3, 'N', 3],
    ])
  })

  it('widens until nothing changes: a size that grows from the second round on is not taken for fixed', async () => {
    const model = modelWith((build) => {
      const [x, y] = [build.input('x', ['N', 3]), build.input('y', ['N', 3])]
      const body = subgraph(build.graph, (inner) => {
        inner.input('round', [], 'int64')
        const go = inner.input('go', [], 'bool')
        inner.input('late', undefined)
        const early = inner.input('early', undefined)
        return [inner.op('Identity', [go]), inner.op('Identity', [early]), inner.op('Concat', [early, x], {axis: 1})]
      })
      const node = build.node('Loop', [build.scalar(3, 'int64'), build.scalar(1, 'bool'), x, y], {body}, {outputs: 2})
      return [...node.outputs] as Value[]
    })
    const feeds = {x: sampleTensor('float32', [2, 3]), y: sampleTensor('float32', [2, 3])}
    expect(await expectReal(model, feeds)).to.deep.equal([
      ['N', undefined],
      ['N', undefined],
    ])
  })

  it('leaves the number of rounds open where the body may stop', () => {
    const model = modelWith((build) => {
      const x = build.input('x', [4])
      const body = subgraph(build.graph, (inner) => {
        inner.input('round', [], 'int64')
        inner.input('go', [], 'bool')
        const sum = inner.op('ReduceSum', [x], {keepdims: 0})
        return [inner.op('Less', [sum, inner.scalar(9)]), inner.op('Identity', [sum])]
      })
      return [build.op('Loop', [build.scalar(3, 'int64'), undefined], {body})]
    })
    inferModel(model)
    expect(shapeOf(model.graph.outputs[0])).to.deep.equal([undefined])
    expect(macsOf(model)).to.equal(0)
  })

  it('counts the products of every round', () => {
    const model = modelWith((build) => {
      const x = build.input('x', [2, 5])
      const body = subgraph(build.graph, (inner) => {
        inner.input('round', [], 'int64')
        const go = inner.input('go', [], 'bool')
        const state = inner.input('state', undefined)
        return [inner.op('Identity', [go]), inner.op('MatMul', [state, inner.floats(new Float32Array(25), [5, 5])])]
      })
      return [build.op('Loop', [build.scalar(7, 'int64'), undefined, x], {body})]
    })
    inferModel(model)
    expect(macsOf(model)).to.equal(7 * 2 * 5 * 5)
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

  it('counts the products of every step', () => {
    const model = modelWith((build) => {
      const body = subgraph(build.graph, (inner) => [
        inner.op('MatMul', [inner.input('slice', undefined), inner.floats(new Float32Array(12), [4, 3])]),
      ])
      return [build.op('Scan', [build.input('x', [6, 2, 4])], {body, num_scan_inputs: 1})]
    })
    inferModel(model)
    expect(shapeOf(model.graph.outputs[0])).to.deep.equal([6, 2, 3])
    expect(macsOf(model)).to.equal(6 * 2 * 4 * 3)
  })
})
