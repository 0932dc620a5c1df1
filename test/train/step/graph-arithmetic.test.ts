import {expect} from 'chai'
import {GraphBuilder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import {graphArithmetic} from '../../../src/train/step/graph-arithmetic.js'

describe('graphArithmetic', () => {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  const {add, subtract, multiply, divide, squareRoot} = graphArithmetic(build)
  const x = build.input('x', [3])

  it('writes a node per operation', () => {
    const result = squareRoot(divide(subtract(add(x, 2), multiply(x, 3)), x))
    expect(result).to.have.property('producer').with.property('opType', 'Sqrt')
    expect(graph.nodes().map(({opType}) => opType)).to.deep.equal(['Add', 'Mul', 'Sub', 'Div', 'Sqrt'])
  })

  it('writes nothing for what changes nothing', () => {
    expect([add(x, 0), add(0, x), subtract(x, 0), multiply(1, x), multiply(x, 1), divide(x, 1)]).to.deep.equal(
      Array(6).fill(x),
    )
    expect(multiply(x, 0)).to.equal(0)
    expect(graph.nodeCount).to.equal(5)
  })

  it('computes at once what is known', () => {
    expect([add(1, 2), subtract(1, 2), multiply(3, 2), divide(3, 2), squareRoot(9)]).to.deep.equal([3, -1, 6, 1.5, 3])
  })
})
