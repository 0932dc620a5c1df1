import {expect} from 'chai'
import {InferenceSession, Tensor as OrtTensor} from 'onnxruntime-node'
import {encodeModel} from '../../src/io/encode-model.js'
import {trainingCopy} from '../../src/pipelines/train/training-copy.js'
import {buildStep} from '../../src/train/step/step-graph.js'
import {writeGpt} from '../support/built-nets.js'
import {modelOf, randomFloats} from '../support/pass-trial.js'

const [ROWS, TOKENS, VOCABULARY] = [2, 8, 512]
/** How far along its gradient each weight is moved, both ways. */
const STEP = 0.02

const norm = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))

describe('a step of a decoder', () => {
  it('has gradients along which the loss changes as they say, tied table and causal mask included', async () => {
    const copy = await trainingCopy(modelOf(writeGpt))
    const inputShapes = {input_ids: [ROWS, TOKENS]}
    const step = buildStep(copy, {inputShapes, losses: [{kind: 'mse', against: 'labels'}]})
    const session = await InferenceSession.create(encodeModel(step.model), {logSeverityLevel: 4, intraOpNumThreads: 1})
    const ids = BigInt64Array.from({length: ROWS * TOKENS}, (_, i) => BigInt((i * 97) % VOCABULARY))
    const feeds: Record<string, OrtTensor> = {
      input_ids: new OrtTensor('int64', ids, [ROWS, TOKENS]),
      labels: new OrtTensor('float32', randomFloats(ROWS * TOKENS * VOCABULARY, 3, 4), [ROWS, TOKENS, VOCABULARY]),
    }
    step.parameters.forEach(({name, shape}, index) => {
      feeds[name] = new OrtTensor('float32', (step.initial[index] as Float32Array).slice(), [...shape])
    })
    const lossOf = async () => Number((await session.run(feeds))[step.loss]?.data[0])
    const results = await session.run(feeds)
    const gradients = step.parameters.map(({gradient}) => results[gradient]?.data as Float32Array)
    const largest = Math.max(...gradients.map(norm))
    expect(step.parameters.map(({name}) => name)).to.include.members(['wte', 'wpe'])
    let compared = 0
    for (const [index, {name}] of step.parameters.entries()) {
      const gradient = gradients[index] as Float32Array
      const length = norm(gradient)
      // a key's bias changes nothing: the same is added to every score of a row
      if (length < largest / 1000) continue
      const weight = feeds[name]?.data as Float32Array
      const start = weight.slice()
      const at = async (way: number) => {
        for (let i = 0; i < weight.length; i++)
          weight[i] = (start[i] as number) + (way * (gradient[i] as number)) / length
        return lossOf()
      }
      const slope = ((await at(STEP)) - (await at(-STEP))) / (2 * STEP)
      weight.set(start)
      expect(slope / length, name).to.be.closeTo(1, 0.01)
      compared++
    }
    expect(compared).to.be.at.least(30)
    await session.release()
  })
})
