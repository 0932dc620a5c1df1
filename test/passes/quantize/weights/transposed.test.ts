import {expect} from 'chai'
import {tensorOf} from '../../../../src/ir/tensor.js'
import {transposed} from '../../../../src/passes/quantize/weights/transposed.js'

describe('transposed', () => {
  it('swaps the last two axes', () => {
    const matrix = transposed(tensorOf('int8', [2, 3], Int8Array.of(1, 2, 3, 4, 5, 6)))
    expect(matrix.shape).to.deep.equal([3, 2])
    expect([...(matrix.read() as Int8Array)]).to.deep.equal([1, 4, 2, 5, 3, 6])
  })

  it('keeps leading axes, and its own inverse gives the tensor back', () => {
    const tensor = tensorOf(
      'float32',
      [2, 2, 3],
      Float32Array.from({length: 12}, (_, i) => i),
    )
    const once = transposed(tensor)
    expect(once.shape).to.deep.equal([2, 3, 2])
    expect([...(once.read() as Float32Array)].slice(6)).to.deep.equal([6, 9, 7, 10, 8, 11])
    expect(transposed(once).read()).to.deep.equal(tensor.read())
  })
})
