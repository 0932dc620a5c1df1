import {expect} from 'chai'
import {evalBatch} from '../../src/facts/eval-batch.js'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import {emptyModel} from '../../src/ir/model.js'

describe('evalBatch', () => {
  it('is 1 where a range is taken from the whole batch, also inside a branch, else 64', () => {
    const plain = new Graph()
    new GraphBuilder(plain).op('Relu', [new GraphBuilder(plain).input('x', ['N'])])
    expect(evalBatch(emptyModel(plain, 17))).to.equal(64)
    const dynamic = new Graph()
    const build = new GraphBuilder(dynamic)
    build.node('DynamicQuantizeLinear', [build.input('x', ['N'])], {}, {outputs: 3})
    expect(evalBatch(emptyModel(dynamic, 17))).to.equal(1)
    expect(evalBatch(emptyModel(new Graph(), 17))).to.equal(64)
  })
})
