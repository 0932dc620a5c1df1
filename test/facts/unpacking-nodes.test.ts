import {expect} from 'chai'
import {unpackingNodes} from '../../src/facts/unpacking-nodes.js'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'

describe('unpackingNodes', () => {
  it('are those that only work on constants, one behind the other', () => {
    const graph = new Graph()
    const build = new GraphBuilder(graph)
    const half = build.op('Cast', [build.floats([1, 2], [1, 2])], {to: 10})
    const weight = build.op('Mul', [half, build.scalar(2)])
    build.output(build.op('Mul', [build.input('x', [1, 2]), weight]))
    expect([...unpackingNodes(graph)].map(({opType}) => opType)).to.deep.equal(['Cast', 'Mul'])
  })

  it('are none without inputs: a random number is no constant', () => {
    const graph = new Graph()
    const build = new GraphBuilder(graph)
    build.output(build.op('RandomNormal', [], {shape: [1]}))
    expect(unpackingNodes(graph).size).to.equal(0)
  })
})
