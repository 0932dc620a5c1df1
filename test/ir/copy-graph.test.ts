import {expect} from 'chai'
import {GraphBuilder} from '../../src/ir/build.js'
import {copyGraph} from '../../src/ir/copy-graph.js'
import {Graph} from '../../src/ir/graph.js'
import {verify} from '../../src/ir/verify.js'
import {printGraph} from '../support/print-graph.js'

/** y = If(c, x * w, -x), with a weight outside that a branch captures. */
function nested(): Graph {
  const graph = new Graph('g')
  const build = new GraphBuilder(graph)
  const [x, weight] = [build.input('x', [2]), build.floats([1, 2], [2], 'w')]
  const branches = ['then', 'else'].map((name) => {
    const branch = new Graph(name, graph)
    const inner = new GraphBuilder(branch)
    inner.output(
      name === 'then' ? inner.op('Mul', [x, weight]) : inner.op('Neg', [inner.op('Add', [x, inner.floats([3, 4])])]),
    )
    return branch
  }) as [Graph, Graph]
  const attributes = {then_branch: branches[0], else_branch: branches[1]}
  build.output(build.op('If', [build.input('c', [], 'bool')], attributes, {name: 'choice', outputs: ['y']}))
  return graph
}

describe('copyGraph', () => {
  it('copies nodes, weights and branches under their names, and shares nothing but tensors', () => {
    const graph = nested()
    const text = printGraph(graph)
    const copy = copyGraph(graph)
    expect(printGraph(copy)).to.equal(text)
    expect(verify(copy)).to.deep.equal([])
    expect(copy.constants()[0]?.constant).to.equal(graph.constants()[0]?.constant)
    copy.dissolve()
    expect(printGraph(graph)).to.equal(text)
    expect(verify(graph)).to.deep.equal([])
  })

  it('leaves a branch bound to what it captured, and frees it when it is dissolved', () => {
    const graph = nested()
    const branch = graph.nodes()[0]?.subgraph('then_branch') as Graph
    const [x] = graph.inputs
    const before = x?.uses.size
    const copy = copyGraph(branch)
    expect(x?.uses.size).to.equal((before ?? 0) + 1)
    copy.dissolve()
    expect(x?.uses.size).to.equal(before)
  })
})
