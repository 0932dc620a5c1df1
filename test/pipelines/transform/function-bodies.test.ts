import {expect} from 'chai'
import {GraphBuilder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import {emptyModel, type FunctionDef} from '../../../src/ir/model.js'
import {dropUncalledFunctions} from '../../../src/pipelines/transform/function-bodies.js'

describe('dropUncalledFunctions', () => {
  const withCall = (domain: string, opType: string) => {
    const graph = new Graph()
    const build = new GraphBuilder(graph)
    build.output(build.op(opType, [build.input('x', [1])], {}, {domain}))
    const functions = ['Twice', 'Half'].map((name) => ({domain: 'own', name})) as unknown as FunctionDef[]
    const model = Object.assign(emptyModel(graph, 17), {functions})
    dropUncalledFunctions(model)
    return model.functions.map(({name}) => name)
  }

  it('keeps all while one is called: they may call each other', () => {
    expect(withCall('own', 'Half')).to.deep.equal(['Twice', 'Half'])
  })

  it('forgets them where only an operator of the same name is left', () => {
    expect(withCall('', 'Half')).to.deep.equal([])
    expect(withCall('own', 'Other')).to.deep.equal([])
  })
})
