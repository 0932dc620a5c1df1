import {readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {InferenceSession} from 'onnxruntime-node'
import {encodeModel} from '../../src/io/encode-model.js'
import {openModel} from '../../src/io/open-model.js'
import {writeModel} from '../../src/io/write-model.js'
import type {Graph} from '../../src/ir/graph.js'
import {float32, tensorOf} from '../../src/ir/tensor.js'
import {inferModel} from '../../src/ops/infer-graph.js'
import type {PruneOptions} from '../../src/options/prune.js'
import {computeFloat16} from '../../src/passes/quantize/float16/float16-compute.js'
import {storeFloat16} from '../../src/passes/quantize/float16/float16-storage.js'
import {float16Weight} from '../../src/passes/quantize/float16/float16-weight.js'
import {prune} from '../../src/pipelines/prune/prune.js'
import {RECORD_KEY} from '../../src/provenance/record.js'
import {DataFolder} from '../support/data-folder.js'
import {readForeign} from '../support/foreign-model.js'
import {floatFeed, maxDifference, modelOf, randomFloats, type Write} from '../support/pass-trial.js'
import {type Flat, IMAGE_DATA, pruneOptions, SILENT} from '../support/pipeline-options.js'
import {runGraph} from '../support/run-graph.js'

/** What the file says about how it was made, with its key and the tags around both. */
async function recordBytes(path: string): Promise<number> {
  const {model, close} = await openModel(path)
  close()
  return Buffer.byteLength(RECORD_KEY + model.metadata.get(RECORD_KEY)) + 12
}

describe('prune, of weights that are stored otherwise than they are read', function () {
  this.timeout(120_000)
  const folder = new DataFolder()
  after(() => folder.remove())

  const run = async (path: string, options: Flat<PruneOptions> = {}) => {
    const output = join(folder.path, 'out.onnx')
    const result = await prune(path, pruneOptions({force: true, output, ...options}), SILENT)
    expect(result.output.sizeBytes - (await recordBytes(output))).to.be.at.most(statSync(path).size)
    return result
  }
  const write = (make: Write) => folder.write('model.onnx', encodeModel(modelOf(make)))

  /** How a file keeps its numbers in 16 bits, and which passes make it so. */
  const forms = {
    'computes in float16': (graph: Graph) => computeFloat16({keepIo: false}).run(graph),
    'computes in float16 behind float32 inputs': (graph: Graph) => computeFloat16({keepIo: true}).run(graph),
    'stores float16 and computes in float32': (graph: Graph) => storeFloat16({}).run(graph),
  }

  for (const [what, change] of Object.entries(forms)) {
    it(`keeps the types of a model that ${what}`, async () => {
      const path = join(folder.path, 'half.onnx')
      const {model, close} = await openModel('fixtures/models/cnn_fm.onnx')
      inferModel(model)
      await change(model.graph)
      await writeModel(model, path, {force: true, externalData: 'auto'})
      close()
      const {data, preprocess} = IMAGE_DATA
      const {sparsity, groups, output, fidelity} = await run(path, {sparsity: 0.5, data, preprocess, limit: 64})
      expect(groups).to.have.length(5)
      expect(sparsity).to.be.closeTo(0.5, 1e-6)
      expect(fidelity?.sqnrDb).to.be.above(10).and.below(60)
      const [before, after] = await Promise.all([path, output.path].map(portTypes))
      expect(after).to.deep.equal(before)
      // the file itself, by another reader: half of its 16-bit numbers are gone
      const tensors =
        readForeign(readFileSync(output.path)).graph?.initializer.filter((one) => one.dataType === 10) ?? []
      const halves = tensors.flatMap(({rawData}) => [...new Uint16Array(Uint8Array.from(rawData ?? []).buffer)])
      expect(halves.filter((bits) => bits === 0).length / halves.length).to.be.closeTo(0.5, 0.01)
    })
  }

  it('moves a float16 weight before it is widened: the file does not grow', async () => {
    const half = float16Weight(float32(randomFloats(2048), [64, 32]), 'w')
    const path = write((build) => {
      const wide = build.op('Cast', [build.constant(half)], {to: 1})
      const moved = build.op('Transpose', [wide], {perm: [1, 0]})
      build.output(build.op('MatMul', [build.input('x', [4, 32]), moved], {}, {name: 'product', outputs: ['y']}))
    })
    const {groups, skipped, output} = await run(path, {sparsity: 0.25})
    expect(groups.map(({node, sparsity}) => [node, sparsity])).to.deep.equal([['product', 0.25]])
    expect(skipped).to.deep.equal([])
    expect(readForeign(readFileSync(output.path)).graph?.node.map(({opType}) => opType)).to.deep.equal([
      'Cast',
      'MatMul',
    ])
  })

  it('computes a moved float16 weight exactly', async () => {
    const half = float16Weight(float32(randomFloats(2048), [64, 32]), 'w')
    const make: Write = (build) => {
      const wide = build.op('Cast', [build.constant(half)], {to: 1})
      const flat = build.op('Reshape', [wide, build.ints([32, 64])])
      build.output(build.op('MatMul', [build.input('x', [4, 32]), flat], {}, {outputs: ['y']}))
    }
    const path = write(make)
    await run(path, {sparsity: 0})
    const {model, close} = await openModel(join(folder.path, 'out.onnx'))
    const feeds = {x: floatFeed([4, 32])}
    expect(maxDifference(await runGraph(modelOf(make), feeds), await runGraph(model, feeds))).to.equal(0)
    close()
  })

  it('computes the weights of the case first, all four layers of it', async () => {
    const {groups, skipped} = await run('fixtures/cases/weights-behind-arithmetic/model.onnx')
    expect(groups.map(({node}) => node)).to.deep.equal(['c1', 'c2', 'c3', 'mm'])
    expect(skipped).to.deep.equal([])
  })

  it('says what stays computed, and why', async () => {
    const path = write((build) => {
      const x = build.input('x', [4, 32])
      // sixteen rows used 512 times: computed, the file would be larger
      const indices = tensorOf(
        'uint16',
        [32, 32],
        new Uint16Array(1024).map((_, i) => i % 16),
      )
      const codes = build.op('Cast', [build.constant(indices)], {to: 7})
      const table = build.op('Gather', [build.floats(randomFloats(16)), codes])
      const plain = build.op('MatMul', [x, build.floats(randomFloats(1024), [32, 32])], {}, {name: 'plain'})
      build.output(build.op('MatMul', [plain, table], {}, {name: 'coded', outputs: ['y']}))
    })
    const {groups, skipped} = await run(path)
    expect(groups.map(({node}) => node)).to.deep.equal(['plain'])
    expect(skipped.find(({node}) => node === 'coded')?.reason).to.match(/^its weight is computed by /)
  })
})

async function portTypes(path: string): Promise<unknown[]> {
  const session = await InferenceSession.create(path, {logSeverityLevel: 4})
  return [...session.inputMetadata, ...session.outputMetadata].map((port) => port.isTensor && port.type)
}
