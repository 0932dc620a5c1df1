import {expect} from 'chai'
import {compareOutputs} from '../../src/runtime/compare-outputs.js'
import {errorOf} from '../support/data-reading.js'
import {CPU, IMAGES, ModelFolder, normalInput} from './model-folder.js'

describe('compareOutputs', () => {
  const folder = new ModelFolder()
  after(() => folder.remove())
  const source = normalInput([3, 4])

  /** y = x + shift · [1, 0, 0, 0] */
  const shifted = (shift: number) =>
    folder.model(`shift${shift}.onnx`, (build) => {
      const x = build.input('x', ['N', 4])
      build.output(build.op('Add', [x, build.floats([shift, 0, 0, 0])], {}, {outputs: ['y']}))
    })

  it('finds a model equal to itself on real data', async () => {
    const cnn = 'fixtures/models/cnn_fm.onnx'
    const result = await compareOutputs(cnn, cnn, CPU, {source: {kind: 'data', spec: IMAGES, limit: 70}, batch: 32})
    expect(result).to.include({maxAbs: 0, cosine: 1, sqnrDb: null, agreement: 1, samples: 70, inputs: 'data'})
  })

  it('measures a known difference over several draws of synthetic input', async () => {
    const result = await compareOutputs(shifted(0), shifted(0.25), CPU, {source, batch: 1})
    expect(result.maxAbs).to.be.closeTo(0.25, 1e-6)
    expect(result).to.include({inputs: 'synthetic', samples: 12})
    expect(result.outputs.map(({name}) => name)).to.deep.equal(['y'])
    expect(result.peakRssBytes).to.be.greaterThan(30e6)
  })

  it('sees a label that changes', async () => {
    const result = await compareOutputs(shifted(0), shifted(100), CPU, {source, batch: 1})
    expect(result.agreement).to.be.lessThan(1)
  })

  it('reports values that only one side has not finite', async () => {
    const result = await compareOutputs(folder.unary('abs.onnx', 'Abs'), folder.unary('root.onnx', 'Sqrt'), CPU, {
      source,
      batch: 1,
    })
    expect(result.maxAbs).to.equal(null)
    expect(result.nonFinite).to.be.greaterThan(0)
  })

  it('does not compare the rows that fill up a fixed batch', async () => {
    const fixed = folder.unary('fixed.onnx', 'Neg', [4, 4])
    const spec = {path: folder.rows('five.npy', [5, 4], new Float32Array(20)), seed: 0}
    const result = await compareOutputs(fixed, fixed, CPU, {source: {kind: 'data', spec}, batch: 1})
    expect(result.samples).to.equal(5)
  })

  it('says which output is missing', async () => {
    const other = folder.model('other.onnx', (build) => {
      build.output(build.op('Neg', [build.input('x', ['N', 4])], {}, {outputs: ['z']}))
    })
    const error = await errorOf(compareOutputs(shifted(0), other, CPU, {source, batch: 1}))
    expect(error).to.include({code: 'BAD_MODEL', message: "the other model has no output 'y'", hint: 'It has: z'})
  })

  it('says that an output has another shape', async () => {
    const other = folder.model('sum.onnx', (build) => {
      build.output(build.op('ReduceSum', [build.input('x', ['N', 4])], {}, {outputs: ['y']}))
    })
    const {outputs} = await compareOutputs(shifted(0), other, CPU, {source, batch: 1})
    expect(outputs[0]?.shapes).to.deep.equal({expected: [3, 4], got: [1, 1]})
  })

  it('leaves out the outputs it is told to', async () => {
    const options = {source, batch: 1, leaveOut: ['y']}
    expect((await compareOutputs(shifted(0), shifted(9), CPU, options)).outputs).to.deep.equal([])
  })

  it('loads the candidate by settings of its own', async () => {
    // the runtime's optimizer gives a padded maximum the lowest number for a border, which only the reference keeps from doing
    const padded = folder.model('padded.onnx', (build) => {
      const pads = build.ints([0, 0, 1, 1, 0, 0, 1, 1])
      const below = build.op('Neg', [build.op('Abs', [build.input('x', [1, 1, 4, 4])])])
      const a = build.op('Pad', [below, pads, build.floats([0], [])])
      build.output(build.op('MaxPool', [a], {kernel_shape: [3, 3], strides: [3, 3]}, {outputs: ['y']}))
    })
    const image = normalInput([1, 1, 4, 4])
    const off = {...CPU, optimization: 'disabled'} as const
    const both = await compareOutputs(padded, padded, off, {source: image, batch: 1})
    expect(both.maxAbs).to.equal(0)
    const crossed = await compareOutputs(padded, padded, off, {source: image, batch: 1, candidateSettings: CPU})
    expect(crossed.maxAbs).to.be.greaterThan(0.1)
  })
})
