import {join} from 'node:path'
import {expect} from 'chai'
import {InferenceSession, Tensor} from 'onnxruntime-node'
import {encodeModel} from '../../../../src/io/encode-model.js'
import {openModel} from '../../../../src/io/open-model.js'
import {writeVariant} from '../../../../src/io/write-variant.js'
import {fromFloat16} from '../../../../src/ir/float16.js'
import {inferModel} from '../../../../src/ops/infer-graph.js'
import {computeFloat16} from '../../../../src/passes/quantize/float16/float16-compute.js'
import {quantize} from '../../../../src/pipelines/quantize/quantize.js'
import {DataFolder} from '../../../support/data-folder.js'
import {modernDecoder, SMALL_DECODER} from '../../../support/modern-decoder.js'
import {modelOf} from '../../../support/pass-trial.js'
import {quantizeOptions, SILENT} from '../../../support/pipeline-options.js'

const TOKENS = [5, 300, 17, 44, 511]

describe('quantize of decoders with past keys and values', () => {
  const folder = new DataFolder()
  after(() => folder.remove())
  const decoders = {
    'attention that turns, tied head': SMALL_DECODER,
    'RotaryEmbedding apart, head of its own': {...SMALL_DECODER, isTied: false, turnsApart: true},
  }
  const forms = {
    auto: [{}, 25],
    weights: [{mode: 'weights'}, 30],
    float16: [{mode: 'float16'}, 50],
    'int4 in blocks': [{weights: 'int4'}, 11],
    "the runtime's blocks": [{weights: 'int4', format: 'ort'}, 11],
    q4f16: [{mode: 'float16', weights: 'int4', format: 'ort'}, 11],
    'q4f16 in the standard form': [{mode: 'float16', weights: 'uint4'}, 11],
    'q4f16, inputs and outputs as they were': [{mode: 'float16', weights: 'int4', format: 'ort', keepIo: true}, 11],
    q8f16: [{mode: 'float16', weights: 'int8', format: 'ort'}, 30],
  } as const

  for (const [title, decoder] of Object.entries(decoders)) {
    const path = folder.write(`${decoder.isTied}.onnx`, encodeModel(modelOf(modernDecoder(decoder))))
    for (const [form, [changes, leastDb]] of Object.entries(forms)) {
      it(`answers as before, a prompt and the step after it: ${title}, ${form}`, async () => {
        const output = join(folder.path, 'out.onnx')
        await quantize(path, quantizeOptions({...changes, output, force: true, limit: 10}), SILENT)
        const [float, changed] = [await answers(path), await answers(output)]
        // measured: 4 dB and more above this, which is the noise of such weights after two layers
        expect(snrDb(float, changed)).to.be.above(leastDb)
      })
    }
  }

  it('makes q4f16 of a float16 decoder as of a float32 one: all that computes does in float16', async () => {
    const path = folder.write('float.onnx', encodeModel(modelOf(modernDecoder(SMALL_DECODER))))
    const half = join(folder.path, 'half.onnx')
    await writeVariant(path, half, async ({model}) => {
      inferModel(model)
      await computeFloat16({keepIo: false}).run(model.graph)
    })
    const float = await answers(path)
    for (const input of [path, half]) {
      const output = join(folder.path, 'half.q4f16.onnx')
      const options = quantizeOptions({mode: 'float16', weights: 'int4', format: 'ort', output, force: true})
      const {changed, mode} = await quantize(input, options, SILENT)
      expect(mode).to.equal('float16')
      expect(changed.filter(({rule}) => rule === 'runtime-blocks')).to.have.length(16)
      expect(snrDb(float, await answers(output))).to.be.above(11)
      const {model, close} = await openModel(output)
      const values = [...model.graph.inputs, ...model.graph.outputs, ...model.graph.constants()]
      const types = values.map(({type}) => (type?.kind === 'tensor' ? type.dtype : undefined))
      expect(types).to.include('float16').and.not.to.include('float32')
      expect(model.graph.allNodes().filter(({opType}) => opType === 'Cast')).to.have.length(2)
      close()
    }
  })

  it('stores a tied table once, in blocks that both its readers know', async () => {
    const output = join(folder.path, 'tied.onnx')
    const path = folder.write('tied-float.onnx', encodeModel(modelOf(modernDecoder(SMALL_DECODER))))
    const options = quantizeOptions({weights: 'int4', format: 'ort', output, force: true})
    await quantize(path, options, SILENT)
    const {model, close} = await openModel(output)
    const {vocabulary, width} = SMALL_DECODER
    const large = model.graph.constants().filter(({constant}) => {
      const size = constant?.shape.reduce((product, one) => product * one, 1) ?? 0
      return size >= (vocabulary * width) / 2
    })
    expect(large.map(({constant}) => constant?.dtype)).to.deep.equal(['uint8'])
    close()
  })
})

/** Scores of a prompt, and of the token after it from the keys and values that the prompt left. */
async function answers(path: string): Promise<number[]> {
  const session = await InferenceSession.create(path, {logSeverityLevel: 4, intraOpNumThreads: 1})
  const {layers, pairs, width, heads} = SMALL_DECODER
  const int64 = (values: readonly number[]) =>
    new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length])
  const names = Array.from({length: layers}, (_, layer) => ['key', 'value'].map((part) => `${layer}.${part}`)).flat()
  const past = session.inputMetadata.find(({name}) => name === 'past_key_values.0.key')
  const isHalf = past?.isTensor === true && past.type === 'float16'
  const none = isHalf ? new Uint16Array(0) : new Float32Array(0)
  const empty = new Tensor(isHalf ? 'float16' : 'float32', none, [1, pairs, 0, width / heads])
  const prompt = await session.run({
    ...{input_ids: int64(TOKENS), attention_mask: int64(TOKENS.map(() => 1))},
    ...Object.fromEntries(names.map((name) => [`past_key_values.${name}`, empty])),
  })
  const step = await session.run({
    ...{input_ids: int64([9]), attention_mask: int64([...TOKENS, 9].map(() => 1))},
    ...Object.fromEntries(names.map((name) => [`past_key_values.${name}`, prompt[`present.${name}`] as Tensor])),
  })
  await session.release()
  return [prompt, step].flatMap(({logits}) => {
    if (logits?.type !== 'float16') return Array.from(logits?.data as Float32Array)
    const {buffer, byteOffset, length} = logits.data as Uint16Array
    return Array.from(new Uint16Array(buffer, byteOffset, length), fromFloat16)
  })
}

function snrDb(float: readonly number[], changed: readonly number[]): number {
  const power = (values: readonly number[]) => values.reduce((sum, one) => sum + one * one, 0)
  return 10 * Math.log10(power(float) / power(float.map((value, i) => value - (changed[i] as number))))
}
