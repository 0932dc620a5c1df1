import {expect} from 'chai'
import {learningRateAt, type ScheduleSpec} from '../../../src/train/loop/schedule.js'

describe('learningRateAt', () => {
  it('stays where it is when constant', () => {
    expect(rates({kind: 'constant', learningRate: 0.5}, 3)).to.deep.equal([0.5, 0.5, 0.5])
  })

  it('rises evenly to the full rate during the warm-up', () => {
    expect(rates({kind: 'constant', learningRate: 1, warmupSteps: 4}, 5)).to.deep.equal([0.25, 0.5, 0.75, 1, 1])
  })

  it('falls in a line to the final share', () => {
    const spec = {kind: 'linear', learningRate: 1, warmupSteps: 1, finalShare: 0.5} as const
    expect(rates(spec, 5)).to.deep.equal([1, 0.875, 0.75, 0.625, 0.5])
  })

  it('falls along half a cosine', () => {
    const [first, , half, , last] = rates({kind: 'cosine', learningRate: 2, warmupSteps: 1}, 5)
    expect([first, half]).to.deep.equal([2, 1])
    expect(last).to.be.closeTo(0, 1e-12)
  })

  it('ends at the final share when it goes on too long, and takes a warm-up as long as the training', () => {
    expect(learningRateAt({kind: 'linear', learningRate: 1}, 12, 10)).to.equal(0)
    expect(learningRateAt({kind: 'cosine', learningRate: 1, warmupSteps: 10}, 10, 10)).to.equal(1)
  })
})

function rates(spec: ScheduleSpec, steps: number): number[] {
  return Array.from({length: steps}, (_, index) => learningRateAt(spec, index + 1, steps))
}
