import {expect} from 'chai'
import {typeNodes} from '../../src/autodiff/type-nodes.js'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import {emptyModel} from '../../src/ir/model.js'
import {dtypeOf, shapeOf} from '../../src/ops/operand.js'
import {specsFor} from '../support/pass-trial.js'

function trial() {
  const graph = new Graph()
  const model = emptyModel(graph)
  return {build: new GraphBuilder(graph), type: typeNodes(specsFor(model))}
}

describe('typeNodes', () => {
  it('types each node as it is written, and follows the arithmetic of shapes', () => {
    const {build, type} = trial()
    const x = build.input('x', ['N', 6])
    const written = [build.node('Shape', [x]), build.node('Gather', [undefined, build.ints([0])])] as const
    const [shape, gather] = written
    build.graph.setInput(gather, 0, shape.outputs[0])
    const target = build.node('Concat', [gather.outputs[0], build.ints([2, 3])], {axis: 0})
    const reshape = build.node('Reshape', [x, target.outputs[0]])
    for (const node of [shape, gather, target, reshape]) type(node)
    expect(shapeOf(shape.outputs[0])).to.deep.equal([2])
    expect(shapeOf(reshape.outputs[0])).to.deep.equal(['N', 2, 3])
    expect(dtypeOf(reshape.outputs[0])).to.equal('float32')
  })

  it('does not take a long list of numbers for a shape', () => {
    const {build, type} = trial()
    const reshape = build.node('Reshape', [build.input('x', ['N', 6]), build.ints(Array(65).fill(1))])
    type(reshape)
    expect(shapeOf(reshape.outputs[0])?.every((size) => size === undefined) ?? true).to.equal(true)
  })

  it('leaves what it has no record for as it is', () => {
    const {build, type} = trial()
    const node = build.node('Mystery', [build.input('x', [2])])
    type(node)
    expect(node.outputs[0]?.type).to.equal(undefined)
  })
})
