import {expect} from 'chai'
import {BugError} from '../../../src/errors.js'
import {GraphBuilder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import {addRangeOutputs} from '../../../src/runtime/calibrate/range-outputs.js'

describe('addRangeOutputs', () => {
  const graphWith = (dtype: 'float32' | 'float16') => {
    const graph = new Graph()
    const build = new GraphBuilder(graph)
    build.output(build.op('Relu', [build.input('x', ['N'], dtype)], {}, {outputs: ['y']}))
    return graph
  }
  const typesOf = (graph: Graph) => graph.nodes().map(({opType}) => opType)

  it('measures inputs and results with outputs of their own', () => {
    const graph = graphWith('float32')
    const measured = addRangeOutputs(graph, ['x', 'y'], false)
    expect(measured.map(({tensor}) => tensor)).to.deep.equal(['x', 'y'])
    expect(typesOf(graph)).to.deep.equal([
      'Relu',
      ...Array(2).fill(['ReduceMin', 'ReduceMax', 'ReduceSum', 'Size']).flat(),
    ])
    const names = measured.flatMap(({min, max, sum, size}) => [min, max, sum, size])
    expect(graph.outputs.map(({name}) => name)).to.deep.equal(['y', ...names])
    expect(new Set(names).size).to.equal(8)
    expect(measured[0]?.values).to.equal(undefined)
  })

  it('gives the tensor itself under another name', () => {
    const graph = graphWith('float32')
    const [measured] = addRangeOutputs(graph, ['y'], true)
    expect(graph.outputs.map(({name}) => name)).to.include(measured?.values)
    expect(measured?.values).not.to.equal('y')
  })

  it('widens float16 before it is summed up', () => {
    const graph = graphWith('float16')
    addRangeOutputs(graph, ['x'], false)
    expect(typesOf(graph)).to.include('Cast')
    expect(graph.nodes().find(({opType}) => opType === 'ReduceSum')?.inputs[0]?.producer?.opType).to.equal('Cast')
  })

  it('takes a tensor that is not there for a bug', () => {
    expect(() => addRangeOutputs(graphWith('float32'), ['z'], false)).to.throw(BugError, 'no such tensor')
  })
})
