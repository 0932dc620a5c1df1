import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import type {QuantizeOptions} from '../../src/options/quantize.js'
import {quantize} from '../../src/pipelines/quantize/quantize.js'
import {SILERO_V5} from '../support/model-zoo.js'
import {randomFloats} from '../support/pass-trial.js'
import {type Flat, quantizeOptions, SILENT} from '../support/pipeline-options.js'
import {SAMPLE_RATE, speechLike, windowsOf} from '../support/speech-like.js'
import {writeTestData} from '../support/test-data-writer.js'
import {voiceProbabilities} from '../support/voice-probabilities.js'

/**
 * How far the voice probabilities of Silero VAD v5 part from the float model's through a stream, its state fed back: in noise, where
 * nobody speaks, and in bursts of speech-like sound, where they jump between 0 and 1.
 */

const SECONDS = 95
/** Largest difference anywhere by the defaults, which store float16 where state is fed back, and in int8 where nobody speaks. */
const LIMIT = 0.01
/** Mean difference through speech in integers asked for by name. */
const MEAN_LIMIT = 0.005

const STREAMS: Readonly<Record<string, Float32Array>> = {
  noise: randomFloats(SECONDS * SAMPLE_RATE, 3, 0.1),
  speech: speechLike(SECONDS),
}
const MODES: Readonly<Record<string, Flat<QuantizeOptions>>> = {
  auto: {},
  weights: {mode: 'weights'},
  'every weight int8': {mode: 'weights', overrides: [{pattern: /./, to: 'int8'}]},
  'weights uint8': {mode: 'weights', weights: 'uint8'},
  float16: {mode: 'float16'},
}

const folder = mkdtempSync(join(tmpdir(), 'mopt-silero-'))
const missed: string[] = []
try {
  const samples = [...windowsOf(speechLike(4, 9))].slice(0, 100).map((input) => ({
    input,
    state: new OrtTensor('float32', new Float32Array(256), [2, 1, 128]),
    sr: new OrtTensor('int64', BigInt64Array.of(BigInt(SAMPLE_RATE)), []),
  }))
  const data = writeTestData(join(folder, 'windows'), samples)
  const float = new Map<string, Float32Array>()
  for (const [name, stream] of Object.entries(STREAMS)) float.set(name, await voiceProbabilities(SILERO_V5, stream))
  for (const [title, mode] of Object.entries(MODES)) {
    const output = join(folder, 'changed.onnx')
    const options = quantizeOptions({...mode, data, output, force: true})
    const {input, output: written} = await quantize(SILERO_V5, options, SILENT)
    process.stdout.write(`${title}: ${((100 * written.sizeBytes) / input.sizeBytes).toFixed(1)} % of the bytes\n`)
    for (const [name, stream] of Object.entries(STREAMS)) {
      const {largest, mean, turned} = difference(float.get(name) ?? stream, await voiceProbabilities(output, stream))
      const figures = `largest ${largest.toFixed(4)}, mean ${mean.toFixed(5)}, ${turned} decisions turned`
      process.stdout.write(`  ${name}: ${figures}\n`)
      const calm = name === 'noise' || !title.includes('int8')
      if (calm ? largest > LIMIT : mean > MEAN_LIMIT) missed.push(`${title}, ${name}`)
    }
  }
} finally {
  rmSync(folder, {recursive: true})
}
if (missed.length > 0) process.stdout.write(`over the limit: ${missed.join('; ')}\n`)
process.exit(missed.length > 0 ? 1 : 0)

function difference(expected: Float32Array, got: Float32Array) {
  const gaps = expected.map((value, i) => Math.abs(value - (got[i] as number)))
  return {
    largest: gaps.reduce((a, b) => Math.max(a, b), 0),
    mean: gaps.reduce((a, b) => a + b, 0) / gaps.length,
    turned: expected.filter((value, i) => value > 0.5 !== (got[i] as number) > 0.5).length,
  }
}
