import {expect} from 'chai'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import {onlyNumber} from '../../src/ir/only-number.js'
import {tensorOf} from '../../src/ir/tensor.js'

describe('onlyNumber', () => {
  const build = new GraphBuilder(new Graph())

  it('is the element of a constant of one, whatever its rank and type', () => {
    expect([build.ints([7]), build.scalar(0.5), build.floats([3], [1, 1])].map(onlyNumber)).to.deep.equal([7, 0.5, 3])
  })

  it('is nothing for values, texts and longer constants', () => {
    const text = build.constant(tensorOf('string', [1], ['7']))
    expect([build.input('x', [1]), text, build.ints([1, 2]), undefined].map(onlyNumber)).to.deep.equal(
      Array(4).fill(undefined),
    )
  })
})
