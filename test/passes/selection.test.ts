import {expect} from 'chai'
import type {Node} from '../../src/ir/node.js'
import {excludedBecause} from '../../src/passes/selection.js'
import {modelOf, onlyNode} from '../support/pass-trial.js'

describe('excludedBecause', () => {
  let node: Node
  before(() => {
    const model = modelOf((build) => {
      const x = build.input('x', [4])
      build.output(build.op('Relu', [x], {}, {name: 'block/relu', outputs: ['features']}))
    })
    node = onlyNode(model, 'Relu')
  })

  it('matches the name of a node, anywhere in it', () => {
    expect(excludedBecause(node, {exclude: [/relu/]})).to.equal('excluded by --exclude relu')
  })

  it('matches the name of an output', () => {
    expect(excludedBecause(node, {exclude: [/nothing/, /^features$/]})).to.equal('excluded by --exclude ^features$')
  })

  it('names the override that gives a node another type', () => {
    const overridden = [{pattern: /relu/, to: 'float16'}]
    expect(excludedBecause(node, {overridden})).to.equal('float16 by --override relu=float16')
  })

  it('does not match the name of an input, nor without patterns', () => {
    expect(excludedBecause(node, {exclude: [/^x$/]})).to.equal(undefined)
    expect(excludedBecause(node, {})).to.equal(undefined)
  })
})
