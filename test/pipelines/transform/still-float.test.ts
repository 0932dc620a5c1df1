import {expect} from 'chai'
import {GraphBuilder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import {emptyModel} from '../../../src/ir/model.js'
import {tensorOf} from '../../../src/ir/tensor.js'
import {EMPTY} from '../../../src/passes/quantize/plan/plan.js'
import {computedWeights, stillFloat} from '../../../src/pipelines/transform/still-float.js'

/** Two layers: `a` with a float weight, `b` with one that is unpacked by `unpack`. */
function twoLayers() {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  const x = build.input('x', [1, 2])
  const first = build.op('MatMul', [x, build.floats([1, 2, 3, 4], [2, 2])], {}, {name: 'a'})
  const stored = build.constant(tensorOf('int8', [2, 2], Int8Array.of(1, 2, 3, 4)))
  const unpacked = build.op('DequantizeLinear', [stored, build.scalar(1)], {}, {name: 'unpack'})
  build.output(build.op('MatMul', [first, unpacked], {}, {name: 'b'}))
  return emptyModel(graph, 17)
}
const skip = (node: string, reason: string) => ({node, op: 'MatMul', reason})

describe('stillFloat', () => {
  it('keeps the first reason of layers that are still float, and none of others', () => {
    const skipped = [skip('a', 'one'), skip('b', 'two'), skip('a', 'three'), skip('gone', 'four')]
    expect(stillFloat(twoLayers(), skipped)).to.deep.equal([skip('a', 'one')])
  })

  it('keeps layers that got no data, whatever became of their weights', () => {
    expect(stillFloat(twoLayers(), [skip('b', EMPTY)])).to.deep.equal([skip('b', EMPTY)])
  })
})

describe('computedWeights', () => {
  it('names what computes a weight, and why that was not done in advance', () => {
    const own = {node: 'b', op: 'MatMul', reason: "its weight is computed by DequantizeLinear 'unpack'"}
    expect(computedWeights(twoLayers(), [])).to.deep.equal([own])
    expect(computedWeights(twoLayers(), [skip('unpack', 'too large')])).to.deep.equal([
      {...own, reason: `${own.reason}: too large`},
    ])
  })
})
