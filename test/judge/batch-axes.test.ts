import {expect} from 'chai'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import {emptyModel} from '../../src/ir/model.js'
import {batchAxes} from '../../src/judge/batch-axes.js'

describe('batchAxes', () => {
  const axesOf = (write: (build: GraphBuilder) => void) => {
    const graph = new Graph()
    write(new GraphBuilder(graph))
    return {
      ...batchAxes(
        emptyModel(graph, 17),
        graph.outputs.map(({name}) => name),
      ),
    }
  }

  it('follows samples through the graph, wherever they go', () => {
    const axes = axesOf((build) => {
      const x = build.input('x', ['N', 3, 4])
      build.output(build.op('Relu', [x], {}, {outputs: ['same']}))
      build.output(build.op('Transpose', [x], {perm: [1, 0, 2]}, {outputs: ['timeFirst']}))
      build.output(build.op('ReduceSum', [x], {keepdims: 0}, {outputs: ['all']}))
    })
    expect(axes).to.deep.equal({same: 0, timeFirst: 1})
  })

  it('knows of no axis where a sample has several rows: nothing says in which order they are', () => {
    const axes = axesOf((build) => {
      build.output(build.op('Reshape', [build.input('x', ['N', 3, 4]), build.ints([-1, 4])], {}, {outputs: ['rows']}))
    })
    expect(axes).to.deep.equal({})
  })

  it('takes a fixed batch for one of many, unless the graph counts on its size', () => {
    const fixed = axesOf((build) => {
      build.output(build.op('Relu', [build.input('x', [4, 3])], {}, {outputs: ['y']}))
    })
    expect(fixed).to.deep.equal({y: 0})
    const counting = axesOf((build) => {
      build.output(build.op('Reshape', [build.input('x', [4, 3]), build.ints([4, 3, 1])], {}, {outputs: ['y']}))
    })
    expect(counting).to.deep.equal({})
  })
})
