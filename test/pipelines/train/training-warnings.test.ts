import {expect} from 'chai'
import type {TrainedModel} from '../../../src/pipelines/train/training-job.js'
import {divergedHint, warningsOf} from '../../../src/pipelines/train/training-warnings.js'

describe('warningsOf', () => {
  const warnings = (more: Partial<TrainedModel>, learningRate: 'auto' | number = 'auto') => {
    const plain = {stopped: undefined, notes: [], bestEpoch: 1, unmatched: [], learningRate: undefined}
    return warningsOf({...plain, ...more} as unknown as TrainedModel, {learningRate})
  }

  it('are none of a training that went well', () => {
    expect(warnings({})).to.deep.equal([])
  })

  it('pass on what the data gave to say, and patterns that matched nothing', () => {
    expect(
      warnings({notes: ['an array is ignored'], unmatched: ['^none$']}).map(({code, message}) => [code, message]),
    ).to.deep.equal([
      ['NO_MATCH', '--freeze ^none$ matches no weight'],
      ['DATA', 'an array is ignored'],
    ])
  })

  it('say once that nothing was gained: a training that diverged has not gained either', () => {
    expect(warnings({bestEpoch: 0}).map(({code}) => code)).to.deep.equal(['NO_GAIN'])
    const [diverged, ...more] = warnings({bestEpoch: 0, stopped: 'the loss is no number'})
    expect(more).to.deep.equal([])
    expect(diverged).to.include({code: 'DIVERGED', message: 'the loss is no number', hint: 'try a smaller --lr'})
  })

  it('do not advise what was done already', () => {
    expect(warnings({bestEpoch: 0}, 0.1)[0]?.hint).to.match(/^leave --lr out/)
    expect(warnings({bestEpoch: 0}, 'auto')[0]?.hint).not.to.match(/--lr/)
  })
})

describe('divergedHint', () => {
  it('names a tenth of the rate that was chosen', () => {
    expect(divergedHint({learningRate: 'auto'}, 0.5)).to.match(/such as --lr 0\.05$/)
    expect(divergedHint({learningRate: 0.5}, 0.5)).to.match(/^leave --lr out/)
  })
})
