import {expect} from 'chai'
import {DataError} from '../../src/errors.js'
import {classCountOf, decide, isSingleScore, thresholdOf} from '../../src/metrics/class-scores.js'

describe('thresholdOf', () => {
  it('is a half for probabilities, 0 once a score lies outside', () => {
    expect(thresholdOf(Float32Array.of(0, 0.3, 1))).to.equal(0.5)
    expect(thresholdOf(Float32Array.of(0.3, 1.001))).to.equal(0)
    expect(thresholdOf(Float32Array.of(0.3, -0.001))).to.equal(0)
    expect(thresholdOf(Float32Array.of(0.3, Number.NaN))).to.equal(0)
  })
})

describe('isSingleScore and classCountOf', () => {
  it('tell one score from many', () => {
    expect([[4], [4, 1], [1]].every(isSingleScore)).to.equal(true)
    expect([[4, 2], [4, 1, 1], []].some(isSingleScore)).to.equal(false)
    expect(classCountOf([4, 2], 'top5')).to.equal(2)
    expect(() => classCountOf([4, 1], 'top5')).to.throw(
      DataError,
      'metric top5: expected outputs of shape [N, C], got [4, 1]',
    )
  })
})

describe('decide', () => {
  it('decides single scores by the threshold, which is itself class 0', () => {
    const {chosen, classes, rows} = decide(Float32Array.of(0.5, 0.6, Number.NaN), [3, 1], 0.5)
    expect({chosen: [...chosen], classes, rows}).to.deep.equal({chosen: [0, 1, -1], classes: 2, rows: 3})
  })

  it('takes the largest of a row wherever the row lies, the lowest of equal ones', () => {
    const {chosen, rows} = decide(Float32Array.of(1, 2, 2, 1, 0, 3), [1, 3, 2], 0)
    expect({chosen: [...chosen], rows}).to.deep.equal({chosen: [1, 0, 1], rows: 3})
  })

  it('decides nothing of a row with NaN', () => {
    expect([...decide(Float32Array.of(9, Number.NaN, 1, 2), [2, 2], 0).chosen]).to.deep.equal([-1, 1])
  })
})
