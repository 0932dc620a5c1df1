import {expect} from 'chai'
import type {AttributeLike} from '../../../src/ir/attribute.js'
import type {Shape} from '../../../src/ir/types.js'
import {readConvolution} from '../../../src/train/layout/convolution.js'
import {modelOf} from '../../support/pass-trial.js'

function read(shape: Shape, attributes: Record<string, AttributeLike> = {}, opType = 'Conv', weight = [4, 3, 3, 3]) {
  const {graph} = modelOf((build) => {
    const w = build.floats(new Float32Array(weight.reduce((product, size) => product * size, 1)), weight)
    build.output(build.op(opType, [build.input('x', shape), w], attributes))
  })
  return readConvolution(graph.nodes()[0] as never)
}

describe('readConvolution', () => {
  it('knows every size, and what the operator takes where nothing is stated', () => {
    const found = read([2, 3, 8, 9])
    expect(found).to.deep.include({data: [2, 3, 8, 9], weight: [4, 3, 3, 3], result: [2, 4, 6, 7], group: 1})
    expect(found).to.deep.include({strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0], bias: undefined})
  })

  it('reads what is stated', () => {
    const found = read([2, 3, 8, 9], {strides: [2, 1], dilations: [1, 2], pads: [1, 2, 3, 4]})
    expect(found).to.deep.include({strides: [2, 1], dilations: [1, 2], pads: [1, 2, 3, 4]})
  })

  it('reads a ConvTranspose', () => {
    expect(read([2, 4, 5, 5], {}, 'ConvTranspose')).to.deep.include({result: [2, 3, 7, 7]})
  })

  it('leaves free sizes, one and three axes, SAME padding and other operators', () => {
    expect(read(['N', 3, 8, 9])).to.equal(undefined)
    expect(read([2, 3, 8], {}, 'Conv', [4, 3, 3])).to.equal(undefined)
    expect(read([2, 3, 8, 8], {auto_pad: 'SAME_UPPER'})).to.equal(undefined)
    expect(read([3, 3, 3, 3], {}, 'Mul', [3, 3, 3, 3])).to.equal(undefined)
  })
})
