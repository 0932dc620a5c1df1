import {expect} from 'chai'
import {UnsupportedError} from '../../../src/errors.js'
import {Graph} from '../../../src/ir/graph.js'
import {tensorType} from '../../../src/ir/types.js'
import {knownShape} from '../../../src/train/step/known-shape.js'

const typed = (type: Parameters<Graph['addInput']>[1]) => new Graph().addInput('x', type)

describe('knownShape', () => {
  it('gives sizes that are numbers: none of a scalar, and 0 as well', () => {
    expect(knownShape(typed(tensorType('float32', [])))).to.deep.equal([])
    expect(knownShape(typed(tensorType('float32', [0, 3])))).to.deep.equal([0, 3])
  })

  it('refuses free sizes and unknown ranks, and says what to do', () => {
    expect(() => knownShape(typed(tensorType('float32', ['N', 3]))))
      .to.throw(UnsupportedError, "'x': training needs its sizes, got [N, 3]")
      .with.property('hint', 'Give the sizes of the inputs with --input-shape')
    expect(() => knownShape(typed(tensorType('float32', [undefined, 3])))).to.throw(UnsupportedError)
    expect(() => knownShape(typed(tensorType('float32', undefined)))).to.throw(UnsupportedError, 'got [unknown]')
    expect(() => knownShape(typed({kind: 'sequence', element: undefined}))).to.throw(UnsupportedError, 'got [unknown]')
  })
})
