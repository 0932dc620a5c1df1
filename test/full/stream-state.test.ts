import {expect} from 'chai'
import {quantize} from '../../src/pipelines/quantize/quantize.js'
import {DataFolder} from '../support/data-folder.js'
import {SILERO_V5} from '../support/model-zoo.js'
import {randomFloats} from '../support/pass-trial.js'
import {quantizeOptions, SILENT} from '../support/pipeline-options.js'
import {SAMPLE_RATE, speechLike} from '../support/speech-like.js'
import {voiceProbabilities} from '../support/voice-probabilities.js'

const SECONDS = 95
/** Largest difference of a probability from the float model's, anywhere in the stream. */
const LIMIT = 0.01

describe('a model whose state is fed back', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  for (const mode of ['auto', 'weights'] as const) {
    it(`Silero VAD v5 by --mode ${mode} stays within ${LIMIT} of float through ${SECONDS} s of speech and of noise`, async () => {
      const output = `${folder.path}/${mode}.onnx`
      const inputShapes = {input: [1, 288], state: [2, 1, 128]}
      const {warnings} = await quantize(SILERO_V5, quantizeOptions({mode, output, inputShapes}), SILENT)
      expect(warnings.map(({code}) => code)).to.include('STATE_FED_BACK')
      for (const stream of [speechLike(SECONDS), randomFloats(SECONDS * SAMPLE_RATE, 3, 0.1)]) {
        const [float, changed] = [await voiceProbabilities(SILERO_V5, stream), await voiceProbabilities(output, stream)]
        const worst = float.reduce((most, value, i) => Math.max(most, Math.abs(value - (changed[i] as number))), 0)
        expect(worst).to.be.below(LIMIT)
      }
    })
  }
})
