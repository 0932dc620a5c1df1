import {existsSync, statSync} from 'node:fs'
import {expect} from 'chai'
import {InferenceSession, Tensor} from 'onnxruntime-node'
import {encodeModel} from '../../../src/io/encode-model.js'
import {GraphBuilder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import {writeStages} from '../../../src/pipelines/transform/write-stages.js'
import {stagedSession} from '../../../src/runtime/session/staged-session.js'
import {DataFolder} from '../../support/data-folder.js'
import {modernDecoder, SMALL_DECODER} from '../../support/modern-decoder.js'
import {modelOf, randomFloats, type Write} from '../../support/pass-trial.js'

const SETTINGS = {provider: 'cpu', threads: 1}

/** Products with a skip over several, an output in the middle, and a branch that reads what was made long before. */
const net: Write = (build) => {
  const weight = (seed: number) => build.floats(randomFloats(400, seed), [20, 20])
  const x = build.input('x', ['N', 20])
  const first = build.op('MatMul', [x, weight(1)], {}, {outputs: ['first']})
  const second = build.op('Tanh', [build.op('MatMul', [first, weight(2)])], {}, {outputs: ['second']})
  build.output(second)
  const third = build.op('Add', [build.op('MatMul', [second, weight(3)]), first])
  const branch = (name: string, seed: number) => {
    const inner = new GraphBuilder(new Graph(name, build.graph))
    inner.output(inner.op('MatMul', [first, inner.floats(randomFloats(400, seed), [20, 20])]))
    return inner.graph
  }
  const isLarge = build.op('Greater', [build.op('ReduceMax', [third], {keepdims: 0}), build.scalar(0)])
  const chosen = build.op('If', [isLarge], {then_branch: branch('t', 4), else_branch: branch('e', 5)})
  build.output(build.op('Add', [chosen, build.op('MatMul', [x, weight(1)])], {}, {outputs: ['y']}))
}

describe('writeStages', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  it('gives the answers of the whole model, whatever crosses from part to part', async () => {
    const path = folder.write('net.onnx', encodeModel(modelOf(net)))
    const whole = await InferenceSession.create(path, {logSeverityLevel: 3})
    const feeds = {x: new Tensor('float32', randomFloats(60), [3, 20])}
    const expected = await whole.run(feeds)
    for (const bytes of [1, 2000, 4000]) {
      const stages = await writeStages(path, folder.path, bytes)
      expect(stages).to.have.length.above(1)
      const session = await stagedSession(path, stages ?? [], SETTINGS)
      expect(session.inputNames).to.deep.equal(['x'])
      expect(session.outputNames).to.deep.equal(['second', 'y'])
      const got = await session.run(feeds)
      for (const name of ['second', 'y']) {
        expect(got[name]?.dims).to.deep.equal(expected[name]?.dims)
        const other = got[name]?.data as Float32Array
        const values = expected[name]?.data as Float32Array
        for (const [i, value] of values.entries()) expect(other[i]).to.be.closeTo(value, 1e-5)
      }
    }
  })

  it('bounds the weights of a part, but for a single one that is larger', async () => {
    const path = folder.write('decoder.onnx', encodeModel(modelOf(modernDecoder(SMALL_DECODER))))
    const stages = (await writeStages(path, folder.path, 100_000)) ?? []
    const table = SMALL_DECODER.vocabulary * SMALL_DECODER.width * 4
    expect(stages.length).to.be.above(3)
    for (const {path: part} of stages) expect(weightBytes(part)).to.be.at.most(Math.max(100_000, table) + 20_000)
    expect(stages.at(-1)?.outputs).to.include('logits')
  })

  it('leaves a model whole that needs no parts, and one whose sequences would cross', async () => {
    const path = folder.write('net.onnx', encodeModel(modelOf(net)))
    expect(await writeStages(path, folder.path)).to.equal(undefined)
    const sequences: Write = (build) => {
      const weight = (seed: number) => build.floats(randomFloats(400, seed), [20, 20])
      const pair = build.op('SplitToSequence', [build.op('MatMul', [build.input('x', [4, 20]), weight(1)])])
      const other = build.op('MatMul', [build.input('z', [4, 20]), weight(2)])
      build.output(build.op('Add', [other, build.op('ConcatFromSequence', [pair], {axis: 0})], {}, {outputs: ['y']}))
    }
    const crossing = folder.write('sequences.onnx', encodeModel(modelOf(sequences)))
    expect(await writeStages(crossing, folder.path, 1)).to.equal(undefined)
  })
})

/** Small parts keep their weights inside. */
function weightBytes(path: string): number {
  return [path, `${path}.data`].reduce((sum, file) => sum + (existsSync(file) ? statSync(file).size : 0), 0)
}
