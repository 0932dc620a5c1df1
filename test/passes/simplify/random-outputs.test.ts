import {expect} from 'chai'
import {randomOutputs} from '../../../src/passes/simplify/random-outputs.js'
import {modelOf} from '../../support/pass-trial.js'

describe('randomOutputs', () => {
  it('names the outputs that a random node reaches, and no others', () => {
    const {graph} = modelOf((build) => {
      const x = build.input('x', [4])
      const noise = build.op('RandomNormalLike', [x])
      build.output(build.op('Add', [build.op('Relu', [x]), noise], {}, {outputs: ['noisy']}))
      build.output(build.op('Abs', [x], {}, {outputs: ['plain']}))
    })
    const {outputs, nodes} = randomOutputs(graph)
    expect(outputs).to.deep.equal(['noisy'])
    expect(nodes.map(({opType}) => opType)).to.deep.equal(['RandomNormalLike'])
  })

  it('counts nodes that the caller knows to draw, such as calls of functions', () => {
    const {graph} = modelOf((build) => {
      build.output(build.op('Abs', [build.op('Neg', [build.input('x', [4])])], {}, {outputs: ['y']}))
    })
    expect(randomOutputs(graph).outputs).to.deep.equal([])
    expect(randomOutputs(graph, ({opType}) => opType === 'Neg').outputs).to.deep.equal(['y'])
  })
})
