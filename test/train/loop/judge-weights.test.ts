import {expect} from 'chai'
import {agreement} from '../../../src/metrics/agreement.js'
import {rmse} from '../../../src/metrics/rmse.js'
import {againstTeacher} from '../../../src/train/loop/judge-weights.js'

describe('againstTeacher', () => {
  it('counts equal decisions of classes', () => {
    expect(againstTeacher(agreement, Float32Array.of(2, 1, 0, 5), [2, 2], Float32Array.of(3, 1, 9, 0))).to.equal(0.5)
  })

  it('holds the probabilities of a student against the scores of a teacher', () => {
    const probabilities = Float32Array.of(0.9, 0.2, 0.6, 0.4)
    const scores = Float32Array.of(3, -2, 0.5, 4)
    expect(againstTeacher(agreement, probabilities, [4, 1], scores)).to.equal(0.75)
  })

  it('takes the error of numbers whatever their shape', () => {
    expect(againstTeacher(rmse, Float32Array.of(1, 2, 3, 4), [2, 2], Float32Array.of(1, 2, 3, 6))).to.equal(1)
  })
})
