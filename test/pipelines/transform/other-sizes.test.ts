import {expect} from 'chai'
import type {Shape} from '../../../src/ir/types.js'
import {otherSizes} from '../../../src/pipelines/transform/other-sizes.js'
import {planInputs} from '../../../src/runtime/inputs/plan-inputs.js'
import {modelOf} from '../../support/pass-trial.js'

describe('otherSizes', () => {
  const shapesOf = (shape: Shape, dims: Record<string, number> = {}) => {
    const model = modelOf((build) => build.output(build.op('Relu', [build.input('x', shape)])))
    const plan = planInputs(model, {batch: 1, freeSize: 64, inputShapes: {}, dims, feeds: {}})
    return otherSizes(model, plan, {inputShapes: {}, dims}).map((inputs) => inputs.map((input) => input.shape))
  }

  it('are none where all sizes are fixed, or given', () => {
    expect(shapesOf([1, 3])).to.deep.equal([])
    expect(shapesOf(['N', 'T'], {N: 1, T: 5})).to.deep.equal([])
  })

  it('differ from the usual ones, and from each other', () => {
    const shapes = shapesOf(['N', 'T']).map(([shape]) => shape?.join())
    expect(shapes.length).to.be.at.least(2)
    expect(new Set(shapes).size).to.equal(shapes.length)
    expect(shapes).not.to.include('1,64')
    expect(shapes).to.include('2,32')
  })

  it('are told once where only the batch is free', () => {
    expect(shapesOf(['N', 3])).to.deep.equal([[[2, 3]]])
  })
})
