import {expect} from 'chai'
import {distillResult, trainedEpoch} from '../../src/results/training.js'
import {trainingFixture} from '../report/training-result.js'

describe('distillResult', () => {
  it('takes the document of a training as it is', () => {
    expect(distillResult.parse(trainingFixture)).to.deep.equal(trainingFixture)
  })

  it('refuses a document of another version, and one without its facts', () => {
    expect(distillResult.safeParse({...trainingFixture, schemaVersion: 2}).success).to.equal(false)
    expect(distillResult.safeParse({...trainingFixture, history: undefined}).success).to.equal(false)
  })
})

describe('trainedEpoch', () => {
  it('may have no metric, but has a loss', () => {
    const epoch = {epoch: 1, trainLoss: 1, metric: null, learningRate: 0, samplesPerSecond: 1}
    expect(trainedEpoch.safeParse(epoch).success).to.equal(true)
    expect(trainedEpoch.safeParse({...epoch, trainLoss: null}).success).to.equal(false)
  })
})
