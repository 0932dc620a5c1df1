import {join} from 'node:path'
import {expect} from 'chai'
import {UsageError} from '../../../../src/errors.js'
import {encodeModel} from '../../../../src/io/encode-model.js'
import {openModel} from '../../../../src/io/open-model.js'
import type {QuantizeOptions} from '../../../../src/options/quantize.js'
import {planQuantization} from '../../../../src/pipelines/quantize/plan-quantization.js'
import {quantize} from '../../../../src/pipelines/quantize/quantize.js'
import {recordsIn} from '../../../../src/provenance/record.js'
import {DataFolder} from '../../../support/data-folder.js'
import {npyBytes} from '../../../support/npy-writer.js'
import {modelOf, randomFloats} from '../../../support/pass-trial.js'
import {type Flat, quantizeOptions, SILENT} from '../../../support/pipeline-options.js'

const [SAMPLES, CHANNELS, SIDE, CLASSES] = [300, 16, 4, 64]

describe('roundings', () => {
  const folder = new DataFolder()
  after(() => folder.remove())
  let runs = 0

  /** A pointwise convolution and one of 3 x 3, then a product of few inputs and one of many, whose rows 300 samples are too few for. */
  const path = folder.write(
    'model.onnx',
    encodeModel(
      modelOf((build) => {
        const weight = (shape: number[], seed: number) => {
          const values = randomFloats(
            shape.reduce((all, size) => all * size),
            seed,
          )
          return build.floats(values, shape, `w${seed}`)
        }
        const image = build.input('x', ['N', CHANNELS, SIDE, SIDE])
        const first = build.op('Relu', [build.op('Conv', [image, weight([32, CHANNELS, 1, 1], 1)])])
        const second = build.op('Relu', [build.op('Conv', [first, weight([32, 32, 3, 3], 2)], {pads: [1, 1, 1, 1]})])
        const pooled = build.op('Flatten', [build.op('GlobalAveragePool', [second])])
        const wide = build.op('Relu', [build.op('Gemm', [pooled, weight([32, 512], 3)])])
        build.output(build.op('Gemm', [wide, weight([512, CLASSES], 4)], {}, {outputs: ['y']}))
      }, 21),
    ),
  )
  // neighbouring channels go together, and some are far larger than others
  const values = randomFloats(SAMPLES * CHANNELS * SIDE * SIDE, 9).map((value, i) => {
    const channel = Math.floor(i / (SIDE * SIDE)) % CHANNELS
    return (value + Math.sin(i % (SIDE * SIDE)) * 2) * (1 + (channel % 4))
  })
  const data = folder.write(
    'x.npy',
    npyBytes({
      ...{descr: '<f4', shape: [SAMPLES, CHANNELS, SIDE, SIDE]},
      data: new Uint8Array(Float32Array.from(values).buffer),
    }),
  )

  const quantized = (changes: Flat<QuantizeOptions>) => {
    const output = join(folder.path, `${runs++}.onnx`)
    return quantize(path, quantizeOptions({weights: 'int4', guard: false, output, ...changes}), SILENT)
  }

  it('lose less the more they look at, at the same bytes', async () => {
    const decibels: number[] = []
    const sizes: number[] = []
    for (const rounding of ['nearest', 'scale', 'gptq'] as const) {
      const result = await quantized({data, rounding})
      expect(result.rounding).to.equal(rounding)
      decibels.push(result.fidelity?.sqnrDb ?? 0)
      sizes.push(result.output.sizeBytes)
    }
    const [nearest = 0, scale = 0, gptq = 0] = decibels
    expect(scale).to.be.above(nearest)
    expect(gptq).to.be.above(scale + 1)
    // all but the words of the record
    expect(Math.max(...sizes) - Math.min(...sizes)).to.be.below(20)
  })

  it('follow the data by default, say so in the plan and the record, and say what had too few rows', async () => {
    const {rounding, warnings, output, fidelity} = await quantized({data})
    expect(rounding).to.equal('gptq')
    const few = warnings.filter(({code}) => code === 'FEW_ROWS')
    expect(few.map(({message}) => message)).to.have.length(1)
    expect(few[0]?.message).to.match(/^1 inputs of products .* \(300 for the 512 of/)
    const file = await openModel(output.path)
    const [record] = recordsIn(file.model.metadata)
    file.close()
    expect(record?.chosen).to.deep.include({rounding: 'gptq'})
    const target = join(folder.path, 'plan.yaml')
    const options = quantizeOptions({weights: 'int4', guard: false, data})
    expect((await planQuantization(path, options, SILENT, target)).rounding).to.equal('gptq')
    const planned = await quantized({data, rounding: 'nearest', usePlan: target})
    expect(planned.rounding).to.equal('gptq')
    expect(planned.fidelity?.sqnrDb).to.equal(fidelity?.sqnrDb)
  })

  it('need no data by default, and none for weights of 8 bits', async () => {
    expect((await quantized({})).rounding).to.equal('scale')
    expect((await quantized({data, weights: 'int8', mode: 'weights'})).rounding).to.equal(null)
  })

  it("round the runtime's blocks too", async () => {
    const by = async (rounding: 'nearest' | 'gptq') =>
      (await quantized({data, rounding, format: 'ort'})).fidelity?.sqnrDb ?? 0
    expect(await by('gptq')).to.be.above(await by('nearest'))
  })

  it('refuse what they cannot do', async () => {
    for (const [changes, text] of [
      [{rounding: 'gptq'}, /^--rounding gptq: expected --data/],
      [{rounding: 'awq'}, /^--rounding awq: expected --data/],
      [{rounding: 'scale', weights: 'int8'}, /^--rounding scale: expected 4-bit weights with it, got --weights int8/],
    ] as const) {
      const error = await quantized(changes).catch((caught: unknown) => caught)
      expect(error).to.be.instanceOf(UsageError)
      expect((error as Error).message).to.match(text)
    }
  })
})
