import {expect} from 'chai'
import type {Node} from '../../../../src/ir/node.js'
import {layersBeforeOutputs, valuesBeforeOutputs} from '../../../../src/passes/quantize/static/before-outputs.js'
import {modelOf, randomFloats} from '../../../support/pass-trial.js'

const isLayer = ({opType}: Node) => opType === 'MatMul'

/** Two heads on one trunk: scores behind a Sigmoid, sizes behind Exp and Concat. */
const {graph} = modelOf((build) => {
  const weight = () => build.floats(randomFloats(16), [4, 4])
  const product = (x: Parameters<typeof build.op>[1][number], name: string) =>
    build.op('MatMul', [x, weight()], {}, {name, outputs: [name]})
  const trunk = product(build.input('x', [1, 4]), 'trunk')
  build.output(build.op('Sigmoid', [product(trunk, 'score')], {}, {outputs: ['scores']}))
  const size = build.op('Exp', [product(trunk, 'size')], {}, {outputs: ['sizes']})
  build.output(build.op('Concat', [size, product(trunk, 'place')], {axis: 1}, {outputs: ['boxes']}))
})

describe('what stands before outputs', () => {
  it('is all that no layer changes on the way', () => {
    const names = [...valuesBeforeOutputs(graph, isLayer)].map(({name}) => name)
    expect(names).to.have.members(['scores', 'score', 'boxes', 'sizes', 'size', 'place'])
  })

  it('comes from the last layer of each', () => {
    expect(layersBeforeOutputs(graph, isLayer).map(({name}) => name)).to.deep.equal(['score', 'size', 'place'])
  })
})
