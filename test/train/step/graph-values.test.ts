import {expect} from 'chai'
import {UsageError} from '../../../src/errors.js'
import {GraphBuilder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import {verify} from '../../../src/ir/verify.js'
import {becomeInput, chooseOutput, chooseValue, removeUnused} from '../../../src/train/step/graph-values.js'

/** y = Relu(x · w) and a branch that nobody reads; no outputs, as in a copy. */
function copy() {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  const [x, w] = [build.input('x', [2]), build.floats([1, 2], [2], 'w')]
  const hidden = build.op('Mul', [x, w], {}, {outputs: ['hidden']})
  const y = build.op('Relu', [hidden], {}, {outputs: ['y']})
  build.op('Exp', [build.op('Add', [hidden, build.floats([1], [1], 'b')])])
  return {graph, w, hidden, y, outputs: new Map([['first', y]])}
}

const typesIn = (graph: Graph) => graph.nodes().map(({opType}) => opType)

describe('chooseOutput and chooseValue', () => {
  it('give the first output for none, and values inside by their names', () => {
    const {graph, outputs, hidden, y} = copy()
    expect(chooseOutput(outputs, undefined)).to.equal(y)
    expect(chooseValue(graph, outputs, 'hidden')).to.equal(hidden)
    expect(chooseValue(graph, outputs, undefined)).to.equal(y)
  })

  it('take a name for an output first', () => {
    const {graph, hidden, y} = copy()
    expect(chooseValue(graph, new Map([['hidden', y]]), 'hidden')).to.equal(y)
    expect(chooseValue(graph, new Map([['other', y]]), 'hidden')).to.equal(hidden)
  })

  it('refuse a name that is none, those of the language too', () => {
    const {graph, outputs} = copy()
    for (const name of ['z', '__proto__', 'constructor'])
      expect(() => chooseValue(graph, outputs, name)).to.throw(
        UsageError,
        `output '${name}': the model has no such output`,
      )
    expect(() => chooseOutput(outputs, 'z'))
      .to.throw(UsageError)
      .with.property('hint', 'Its outputs: first')
  })
})

describe('removeUnused', () => {
  it('keeps what leads to the value, and drops the constants of the rest', () => {
    const {graph, y} = copy()
    removeUnused(graph, y)
    expect(typesIn(graph)).to.deep.equal(['Mul', 'Relu'])
    expect(graph.constants().map(({name}) => name)).to.deep.equal(['w'])
    expect(verify(graph)).to.deep.equal([])
  })

  it('leaves nothing of a graph that nobody reads', () => {
    const {graph} = copy()
    removeUnused(graph)
    expect([typesIn(graph), graph.constants().length]).to.deep.equal([[], 0])
  })
})

describe('becomeInput', () => {
  it("gives the constant's name and readers to an input", () => {
    const {graph, w} = copy()
    becomeInput(graph, w)
    expect(graph.inputs.map(({name}) => name)).to.deep.equal(['x', 'w'])
    expect(graph.nodes()[0]?.inputs[1]).to.equal(graph.inputs[1])
    expect(graph.constants().map(({name}) => name)).to.deep.equal(['b'])
    expect(verify(graph)).to.deep.equal([])
    expect(graph.names.fresh('w')).not.to.equal('w')
  })
})
