import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {FIRST_OPSET} from '../../../src/autodiff/backward.js'
import {openModel} from '../../../src/io/open-model.js'
import type {Model} from '../../../src/ir/model.js'
import {verify} from '../../../src/ir/verify.js'
import {trainingCopy} from '../../../src/pipelines/train/training-copy.js'
import {selectParameters, untieConstants} from '../../../src/train/step/parameters.js'
import {applyWeights, buildStep} from '../../../src/train/step/step-graph.js'
import {writeGpt, writeRecommender, writeRecurrent} from '../../support/built-nets.js'
import {modelOf, opTypes, randomFloats, specsFor, type Write} from '../../support/pass-trial.js'
import {runGraph} from '../../support/run-graph.js'

const NETS = ['mlp_fm', 'cnn_fm', 'resnet8_fm', 'resnet8_fm_bn', 'mobile_fm_bn', 'bert_spam', 'lstm_spam']

function feedsOf(model: Model, batch = 3): Record<string, OrtTensor> {
  const entries = model.graph.inputs.map((input, index): [string, OrtTensor] => {
    const {dtype, shape = []} = input.type?.kind === 'tensor' ? input.type : {}
    const sizes = shape.map((size, axis) => (axis === 0 ? batch : typeof size === 'number' ? size : 64))
    const count = sizes.reduce((product, size) => product * size, 1)
    if (dtype === 'float32') return [input.name, new OrtTensor('float32', randomFloats(count, 5 + index), sizes)]
    // token ids, and a mask that hides the end of every row
    const isMask = input.name.includes('mask')
    const ids = BigInt64Array.from({length: count}, (_, i) => BigInt(isMask ? (i % 64 < 50 ? 1 : 0) : (i * 37) % 500))
    return [input.name, new OrtTensor('int64', ids, sizes)]
  })
  return Object.fromEntries(entries)
}

async function largestDifference(a: Model, b: Model): Promise<number> {
  const feeds = feedsOf(a)
  const [left, right] = [await runGraph(a, feeds), await runGraph(b, feeds)]
  expect(Object.keys(right)).to.deep.equal(Object.keys(left))
  let largest = 0
  for (const [name, {data}] of Object.entries(left)) {
    const other = right[name]?.data as Float32Array
    for (const [index, value] of (data as Float32Array).entries()) {
      largest = Math.max(largest, Math.abs(value - (other[index] ?? Number.NaN)))
    }
  }
  return largest
}

/** Two blocks that an exporter gave one scale, offset and bias, for they were equal: the second has them through Identity. */
const tiedBlocks: Write = (build) => {
  const [scale, offset] = [build.floats([1, 1, 1, 1], [4], 'scale'), build.floats([0, 0, 0, 0], [4], 'offset')]
  const normalize = (x: ReturnType<typeof build.input>, isFirst: boolean) => {
    const shared = (value: typeof x) => (isFirst ? value : build.op('Identity', [value]))
    const centred = build.op('Sub', [x, build.op('ReduceMean', [x], {axes: [-1]})])
    const variance = build.op('ReduceMean', [build.op('Pow', [centred, build.scalar(2)])], {axes: [-1]})
    const divided = build.op('Div', [centred, build.op('Sqrt', [build.op('Add', [variance, build.scalar(1e-5)])])])
    return build.op('Add', [build.op('Mul', [divided, shared(scale)]), shared(offset)])
  }
  const x = build.input('x', ['N', 4])
  const weight = (name: string, seed: number) => build.floats(randomFloats(16, seed), [4, 4], name)
  const first = build.op('MatMul', [normalize(x, true), weight('w1', 1)])
  build.output(build.op('MatMul', [normalize(first, false), weight('w2', 2)], {}, {outputs: ['y']}))
}

/** Normalization without a scale of its own. */
const bareNormalization: Write = (build) => {
  const x = build.op('MatMul', [build.input('x', ['N', 4]), build.floats(randomFloats(16), [4, 4], 'w')])
  const centred = build.op('Sub', [x, build.op('ReduceMean', [x], {axes: [-1]})])
  const variance = build.op('ReduceMean', [build.op('Mul', [centred, centred])], {axes: [-1]})
  const root = build.op('Sqrt', [build.op('Add', [variance, build.scalar(1e-5)])])
  build.output(build.op('Div', [centred, root], {}, {outputs: ['y']}))
}

describe('trainingCopy', () => {
  for (const net of NETS) {
    it(`${net}: computes the same, and what it trains is in the original under the same name`, async () => {
      const {model, close} = await openModel(`fixtures/models/${net}.onnx`)
      const before = opTypes(model)
      const copy = await trainingCopy(model)
      expect(verify(copy.graph)).to.deep.equal([])
      expect(copy.opsets.get('')).to.be.at.least(FIRST_OPSET)
      expect(await largestDifference(model, copy)).to.be.at.most(1e-5)
      const {trainable} = selectParameters(copy.graph, specsFor(copy))
      expect(trainable).to.not.be.empty
      expect(opTypes(model)).to.deep.equal(before)
      untieConstants(model.graph, specsFor(model))
      const constants = new Map(model.graph.constants().map((value) => [value.name, value.constant]))
      for (const {value} of trainable) {
        expect(constants.get(value.name)?.shape, value.name).to.deep.equal(value.constant?.shape)
      }
      close()
    })
  }

  for (const [name, write] of Object.entries({
    decoder: writeGpt,
    recurrent: writeRecurrent,
    tables: writeRecommender,
  })) {
    it(`${name}: computes the same`, async () => {
      const original = modelOf(write)
      const copy = await trainingCopy(original)
      expect(await largestDifference(original, copy)).to.be.at.most(2e-5)
    })
  }

  it('recognizes what exporters take apart', async () => {
    const {model, close} = await openModel('fixtures/models/bert_spam.onnx')
    const types = opTypes(await trainingCopy(model))
    close()
    expect(types.filter((type) => type === 'LayerNormalization')).to.have.length(7)
    expect(types.filter((type) => type === 'Gelu')).to.have.length(3)
    expect(types).to.not.include.members(['Erf'])
    expect(types).to.not.include.members(['Sqrt'])
  })

  it('computes only what is read, unless a value inside is asked for', async () => {
    const {model, close} = await openModel('fixtures/models/bert_spam.onnx')
    const sizeOf = (copy: Model) => {
      const node = copy.graph.nodes().find(({name}) => name === '/b.2/f1/MatMul')
      const type = node?.outputs[0]?.type
      return type?.kind === 'tensor' ? type.shape?.[1] : undefined
    }
    const hidden = '/b.2/n2/Add_1_output_0'
    const [copy, whole] = [await trainingCopy(model), await trainingCopy(model, 'bert', [hidden])]
    close()
    expect(sizeOf(copy)).to.equal(1)
    expect(sizeOf(whole)).to.equal('seq')
    expect(whole.graph.nodes().flatMap(({outputs}) => outputs.map((value) => value?.name))).to.include(hidden)
    expect(whole.graph.outputs.map(({name}) => name)).to.deep.equal(['logits'])
  })

  it('keeps apart what an exporter stored once, so that each finds its way back', async () => {
    const original = modelOf(tiedBlocks)
    const copy = await trainingCopy(original)
    const step = buildStep(copy, {inputShapes: {x: [2, 4]}, losses: [{kind: 'mse', against: 'labels'}]})
    expect(step.parameters.map(({name}) => name)).to.have.members([
      'scale',
      'offset',
      'w1',
      'w2',
      'scale_0',
      'offset_0',
    ])
    const trained = new Map(
      step.parameters.map(({name, shape}, index) => {
        return [
          name,
          randomFloats(
            shape.reduce((a, b) => a * b, 1),
            20 + index,
          ),
        ] as const
      }),
    )
    applyWeights(original, specsFor(original), trained)
    applyWeights(copy, specsFor(copy), trained)
    expect(await largestDifference(original, copy)).to.be.at.most(1e-5)
  })

  it('trains no scale that a normalization does not have', async () => {
    const original = modelOf(bareNormalization)
    const copy = await trainingCopy(original)
    expect(opTypes(copy)).to.include('LayerNormalization')
    expect(selectParameters(copy.graph, specsFor(copy)).trainable.map(({value}) => value.name)).to.deep.equal(['w'])
    expect(await largestDifference(original, copy)).to.be.at.most(1e-5)
  })

  it('keeps a scale of ones, which a simplification would drop', async () => {
    const copy = await trainingCopy(
      modelOf((build) => {
        const x = build.input('x', ['N', 4])
        build.output(build.op('Mul', [x, build.floats([1, 1, 1, 1], [4], 'scale')]))
      }),
    )
    expect(copy.graph.constants().map(({name}) => name)).to.deep.equal(['scale'])
  })
})
