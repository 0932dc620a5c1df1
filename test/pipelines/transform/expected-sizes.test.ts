import {expect} from 'chai'
import {expectedSizes} from '../../../src/pipelines/transform/expected-sizes.js'
import {modelOf} from '../../support/pass-trial.js'

describe('expectedSizes', () => {
  const model = () =>
    modelOf((build) => {
      build.output(build.op('Abs', [build.input('x', ['batch', 'time', 8])]))
    })

  it('takes batch 1 and the length that synthetic inputs have', () => {
    const {plan, sizeOf} = expectedSizes(model(), {inputShapes: {}, dims: {}})
    expect(plan[0]?.shape).to.deep.equal([1, 64, 8])
    expect(['batch', 'time', 5, 'other', undefined].map(sizeOf)).to.deep.equal([1, 64, 5, undefined, undefined])
  })

  it('takes what the flags say', () => {
    expect(expectedSizes(model(), {inputShapes: {}, dims: {time: 16}}).sizeOf('time')).to.equal(16)
    expect(expectedSizes(model(), {inputShapes: {x: [2, 12, 8]}, dims: {}}).sizeOf('batch')).to.equal(2)
  })
})
