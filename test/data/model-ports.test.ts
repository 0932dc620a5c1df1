import {expect} from 'chai'
import {portsOf} from '../../src/data/model-ports.js'
import {Graph} from '../../src/ir/graph.js'
import {emptyModel} from '../../src/ir/model.js'
import {float32} from '../../src/ir/tensor.js'
import {tensorType} from '../../src/ir/types.js'

describe('portsOf', () => {
  it('gives the inputs in order, with names for free sizes, and without a rank where none is stated', () => {
    const graph = new Graph()
    graph.addInput('__proto__', tensorType('float32', ['N', 3]))
    graph.addInput('ids', tensorType('int64', undefined))
    expect(portsOf(emptyModel(graph))).to.deep.equal([
      {name: '__proto__', dtype: 'float32', shape: ['N', 3]},
      {name: 'ids', dtype: 'int64', shape: undefined},
    ])
  })

  it('leaves out defaults, lists, and tensors of an unknown type', () => {
    const graph = new Graph()
    graph.addInput('list', {kind: 'sequence', element: undefined})
    graph.addInput('untyped', tensorType(undefined, [2]))
    graph.addInput('none', undefined)
    graph.setConstant(graph.addInput('default', tensorType('float32', [1])), float32([1]))
    expect(portsOf(emptyModel(graph))).to.deep.equal([])
  })
})
