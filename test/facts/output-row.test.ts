import {expect} from 'chai'
import {isOneNumber, rowOf, shapeOf, shapeText} from '../../src/facts/output-row.js'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import type {Shape} from '../../src/ir/types.js'

const value = (shape: Shape | undefined) => new GraphBuilder(new Graph()).input('y', shape)

describe('rowOf and shapeOf', () => {
  it('are the sizes of a sample, and all of them', () => {
    expect(rowOf(value(['N', 4, undefined]))).to.deep.equal([4, undefined])
    expect(shapeOf(value(['N', 4]))).to.deep.equal(['N', 4])
    expect(rowOf(value(undefined))).to.equal(undefined)
  })
})

describe('shapeText', () => {
  it('has a question mark for what is not known', () => {
    expect(shapeText(value(['N', 4, undefined]))).to.equal('[N, 4, ?]')
    expect(shapeText(value([]))).to.equal('[]')
    expect(shapeText(value(undefined))).to.equal('[?]')
  })
})

describe('isOneNumber', () => {
  it('is so for [N] and [N, 1], not for rows, unknown sizes and unknown shapes', () => {
    expect([['N'], ['N', 1], ['N', 1, 1]].every((shape) => isOneNumber(value(shape as Shape)))).to.equal(true)
    expect([['N', 2], ['N', undefined], undefined].some((shape) => isOneNumber(value(shape as Shape)))).to.equal(false)
  })
})
