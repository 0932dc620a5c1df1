import {expect} from 'chai'
import {compareOutputs} from '../../../src/runtime/compare/compare-outputs.js'
import {errorOf} from '../../support/data-reading.js'
import {CPU, IMAGES, ModelFolder, normalInput} from '../model-folder.js'

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
    expect(result).to.include({samples: 70, inputs: 'data'})
    expect(result.outputs[0]).to.include({maxAbs: 0, cosine: 1, sqnrDb: null})
  })

  it('measures a known difference over several draws of synthetic input', async () => {
    const result = await compareOutputs(shifted(0), shifted(0.25), CPU, {source, batch: 1})
    expect(result.outputs[0]?.maxAbs).to.be.closeTo(0.25, 1e-6)
    expect(result).to.include({inputs: 'synthetic', samples: 12})
    expect(result.outputs.map(({name}) => name)).to.deep.equal(['y'])
    expect(result.peakRssBytes).to.be.greaterThan(30e6)
  })

  it('reports values that only one side has not finite', async () => {
    const result = await compareOutputs(folder.unary('abs.onnx', 'Abs'), folder.unary('root.onnx', 'Sqrt'), CPU, {
      source,
      batch: 1,
    })
    expect(result.outputs[0]?.maxAbs).to.equal(null)
    expect(result.outputs[0]?.nonFinite).to.be.greaterThan(0)
  })

  it('does not compare the copies that fill up a fixed batch, where it knows them', async () => {
    const fixed = folder.model('fixed.onnx', (build) => {
      const x = build.input('x', [4, 3])
      build.output(build.op('Neg', [x], {}, {outputs: ['rows']}))
      build.output(build.op('Transpose', [x], {perm: [1, 0]}, {outputs: ['columns']}))
    })
    const spec = {path: folder.rows('five.npy', [5, 3], new Float32Array(15)), seed: 0}
    const source = {kind: 'data', spec} as const
    const known = await compareOutputs(fixed, fixed, CPU, {source, batch: 1, batchAxes: {rows: 0, columns: 1}})
    expect(known.samples).to.equal(5)
    expect(known.outputs.map(({leftOut}) => leftOut)).to.deep.equal([0, 0])
    const unknown = await compareOutputs(fixed, fixed, CPU, {source, batch: 1, batchAxes: {rows: 0}})
    expect(unknown.outputs.map(({leftOut}) => leftOut)).to.deep.equal([0, 1])
  })

  it('compares every row of an output with several rows for a sample', async () => {
    // only the last of the four rows differs
    const tokens = (shift: number) =>
      folder.model(`tokens${shift}.onnx`, (build) => {
        const x = build.input('x', ['N', 4, 2])
        const rows = build.op('Reshape', [x, build.ints([-1, 2])])
        const mask = build.op('Mul', [build.floats([0, 0, 0, shift], [4, 1]), build.floats([1, 1], [1, 2])])
        build.output(build.op('Add', [rows, mask], {}, {outputs: ['y']}))
      })
    const result = await compareOutputs(tokens(0), tokens(9), CPU, {source: normalInput([1, 4, 2]), batch: 1})
    expect(result.outputs[0]?.maxAbs).to.be.closeTo(9, 1e-4)
  })

  it('compares strings, and names outputs that are no tensors', async () => {
    const sequence = folder.model('sequence.onnx', (build) => {
      const x = build.input('x', ['N', 4])
      build.output(build.op('Cast', [x], {to: 8}, {outputs: ['text']}))
      build.output(build.op('SequenceConstruct', [x], {}, {outputs: ['list']}))
    })
    const result = await compareOutputs(sequence, sequence, CPU, {source, batch: 1})
    expect(result.outputs.map(({name, maxAbs}) => [name, maxAbs])).to.deep.equal([['text', 0]])
    expect(result.notCompared).to.deep.equal(['list'])
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
    expect(both.outputs[0]?.maxAbs).to.equal(0)
    const crossed = await compareOutputs(padded, padded, off, {source: image, batch: 1, candidateSettings: CPU})
    expect(crossed.outputs[0]?.maxAbs).to.be.greaterThan(0.1)
  })
})
