import {expect} from 'chai'
import {evaluateDim} from '../../../../src/ir/dim.js'
import {elementsOf, rowsOf, type SizeOf} from '../../../../src/passes/quantize/kernels/free-dims.js'
import {modelOf} from '../../../support/pass-trial.js'

const sizeOf: SizeOf = (dim) => {
  const size = evaluateDim(dim, {N: 1, T: 64})
  return typeof size === 'number' ? size : undefined
}

const input = (shape: readonly (number | string | undefined)[] | undefined) =>
  modelOf((build) => {
    build.output(build.op('Abs', [build.input('x', shape)]))
  }).graph.inputs[0] as Parameters<typeof rowsOf>[0]

describe('rowsOf', () => {
  it('is the product of all dimensions but the last, free ones as expected', () => {
    expect(rowsOf(input(['N', 'T', 32]), sizeOf)).to.equal(64)
    expect(rowsOf(input([3, 'T', 5, 32]), sizeOf)).to.equal(960)
    expect(rowsOf(input([32]), sizeOf)).to.equal(1)
  })

  it('is not known where a dimension is not', () => {
    expect(rowsOf(input(['N', 'other', 32]), sizeOf)).to.equal(undefined)
    expect(rowsOf(input(undefined), sizeOf)).to.equal(undefined)
  })
})

describe('elementsOf', () => {
  it('is the product of all dimensions, not known where one is not', () => {
    expect(elementsOf(input(['N', 'T', 32]), sizeOf)).to.equal(2048)
    expect(elementsOf(input([]), sizeOf)).to.equal(1)
    expect(elementsOf(input(['N', 'other']), sizeOf)).to.equal(undefined)
  })
})
