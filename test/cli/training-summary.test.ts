import {stripVTControlCharacters} from 'node:util'
import {expect} from 'chai'
import {trainingSummary} from '../../src/cli/training-summary.js'
import {trainingFixture} from '../report/training-result.js'

describe('trainingSummary', () => {
  const text = (more: Partial<typeof trainingFixture> = {}) =>
    stripVTControlCharacters(trainingSummary({...trainingFixture, ...more}, false))

  it('sets teacher, before and after side by side', () => {
    expect(text()).to.match(/^teacher +0\.9375 +2 MB +0\.400 ms$/m)
    expect(text()).to.match(/^before +0\.2500 +500 kB +-$/m)
    // 1 / 0.25
    expect(text()).to.match(/^after +0\.8750 +500 kB +0\.100 ms, 4\.00x: faster$/m)
  })

  it('holds the times of a finetuned model against itself', () => {
    expect(text({command: 'finetune'})).to.match(/^teacher +0\.9375 +2 MB +-$/m)
    expect(text({command: 'finetune'})).to.match(/^before +0\.2500 +500 kB +0\.400 ms$/m)
  })

  it('has dashes for what was not judged or timed, and no teacher where there is none', () => {
    const {metric} = trainingFixture
    const bare = text({
      teacher: null,
      timing: null,
      metric: {...metric, after: null, before: Number.NaN, teacher: null},
    })
    expect(bare).not.to.match(/^teacher/m)
    expect(bare).to.match(/^before +- +500 kB +-$/m)
    expect(bare).to.match(/^after +- +500 kB +-$/m)
  })

  it('does not call weights that were thrown away the start', () => {
    expect(text({reinitialized: true})).to.match(/^old weights +0\.2500/m)
  })
})
