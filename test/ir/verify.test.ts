import {expect} from 'chai'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import {float32} from '../../src/ir/tensor.js'
import {verify} from '../../src/ir/verify.js'

/** y = Relu(x · w), all well. */
function sound() {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  const [x, w] = [build.input('x', [2]), build.floats([1, 2], [2], 'w')]
  const product = build.node('Mul', [x, w], {}, {name: 'product'})
  const relu = build.node('Relu', [product.outputs[0]], {}, {name: 'relu', outputs: ['y']})
  const y = relu.outputs[0]
  if (!y) throw new Error('a Relu has an output')
  build.output(y)
  return {graph, build, x, w, product, relu, y}
}

describe('verify', () => {
  it('says nothing of a graph that was built by the mutators', () => {
    expect(verify(sound().graph)).to.deep.equal([])
  })

  it('finds a use that is missing, and one that is too much', () => {
    const {graph, x} = sound()
    const [use] = x.uses
    x.uses.clear()
    expect(verify(graph)).to.deep.equal(["Mul 'product': input 0 is missing from the use list of 'x'"])
    if (use) x.uses.add({...use})
    expect(verify(graph)).to.deep.equal(["'x' has a use that is gone"])
  })

  it('finds outputs that nobody produces', () => {
    const {graph} = sound()
    const stranger = new Graph().addInput('stranger', undefined)
    graph.addOutput(stranger)
    expect(verify(graph)).to.include("graph output 'stranger' is produced by nobody")
  })

  it('finds a node that reads what comes later', () => {
    const {graph, build, product, x} = sound()
    const late = build.op('Neg', [x], {}, {outputs: ['late']})
    graph.setInput(product, 1, late)
    expect(verify(graph)).to.deep.equal(["Mul 'product' reads 'late' before it exists"])
  })

  it('finds a value that is both constant and produced', () => {
    const {graph, y} = sound()
    y.constant = float32([1, 2])
    expect(verify(graph)).to.deep.equal(["'y' is both constant and produced by 'relu'"])
  })

  it('finds a constant without contents', () => {
    const {graph, w} = sound()
    w.constant = undefined
    expect(verify(graph)).to.deep.equal(["constant 'w' has no contents"])
  })

  it('looks into subgraphs, which see what stands before their node', () => {
    const {graph, build, x} = sound()
    const body = new Graph('body', graph)
    const inner = new GraphBuilder(body)
    inner.output(inner.op('Neg', [x]))
    build.node('If', [build.input('c', [], 'bool')], {then_branch: body, else_branch: new Graph('empty', graph)})
    expect(verify(graph)).to.deep.equal([])
    for (const use of x.uses) if ('node' in use && use.node.graph === body) x.uses.delete(use)
    expect(verify(graph).join()).to.match(/^Neg '.*': input 0 is missing from the use list of 'x'$/)
  })
})
