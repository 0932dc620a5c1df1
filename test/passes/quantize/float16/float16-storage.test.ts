import {expect} from 'chai'
import {GraphBuilder} from '../../../../src/ir/build.js'
import {Graph} from '../../../../src/ir/graph.js'
import {storeFloat16} from '../../../../src/passes/quantize/float16/float16-storage.js'
import {
  apply,
  compareAround,
  floatFeed,
  kernelsOf,
  modelOf,
  opTypes,
  randomFloats,
  type Write,
} from '../../../support/pass-trial.js'

const network: Write = (build) => {
  const x = build.input('x', [1, 8, 6, 6])
  const filters = build.floats(randomFloats(16 * 8 * 9, 1), [16, 8, 3, 3], 'filters')
  const flat = build.op('Flatten', [build.op('Conv', [x, filters, build.floats(randomFloats(16))], {}, {name: 'conv'})])
  const matrix = build.floats(randomFloats(256 * 10, 2, 0.1), [256, 10], 'matrix')
  build.output(build.op('MatMul', [flat, matrix], {}, {name: 'fc', outputs: ['y']}))
}
const feeds = {x: floatFeed([1, 8, 6, 6])}

describe('storeFloat16', () => {
  it('stores big constants as half, computes in float, and ONNX Runtime folds the casts', async () => {
    const {model, report, maxAbs} = await compareAround(network, feeds, () => storeFloat16({}))
    const halves = model.graph.constants().filter(({constant}) => constant?.dtype === 'float16')
    expect(halves.map(({constant}) => constant?.shape)).to.deep.equal([
      [16, 8, 3, 3],
      [256, 10],
    ])
    expect(report.changed.map(({node, to}) => [node, to])).to.deep.equal([
      ['conv', 'float16'],
      ['fc', 'float16'],
    ])
    // weights are off by at most 2^-12 of 1 (2^-15 of 0.1): 72 products per value, and 256 of values up to 72
    expect(maxAbs)
      .to.be.above(0)
      .and.below(256 * (0.1 * 72 * 2 ** -12 + 72 * 2 ** -15))
    expect(await kernelsOf(model)).not.to.have.any.keys('Cast')
  })

  it('leaves what the user excluded, a constant that is an output, and small ones', async () => {
    const write: Write = (build) => {
      network(build)
      build.output(build.floats(randomFloats(200), [200], 'table'))
    }
    const model = modelOf(write)
    const {changed} = await apply(storeFloat16({mayRead: ({name}) => name !== 'conv'}), model)
    expect(changed.map(({node}) => node)).to.deep.equal(['fc'])
    expect(model.graph.constants().filter(({constant}) => constant?.dtype === 'float32')).to.have.length(3)
  })

  it('stores a shared weight once, and those that only a branch owns', async () => {
    const write: Write = (build) => {
      const [x, weight] = [build.input('x', [2, 20]), build.floats(randomFloats(400), [20, 20])]
      const branch = (name: string, seed: number) => {
        const inner = new GraphBuilder(new Graph(name, build.graph))
        const product = inner.op('MatMul', [x, weight])
        inner.output(inner.op('MatMul', [product, inner.floats(randomFloats(400, seed, 0.1), [20, 20])]))
        return inner.graph
      }
      const branches = {then_branch: branch('t', 5), else_branch: branch('e', 6)}
      build.output(build.op('If', [build.scalar(1, 'bool')], branches, {outputs: ['y']}))
    }
    const {model, maxAbs} = await compareAround(write, {x: floatFeed([2, 20])}, () => storeFloat16({}))
    expect(opTypes(model)).to.deep.equal(['Cast', 'If', 'Cast', 'MatMul', 'MatMul', 'Cast', 'MatMul', 'MatMul'])
    expect(maxAbs)
      .to.be.above(0)
      .and.below(20 * (0.1 * 20 * 2 ** -12 + 20 * 2 ** -15))
  })
})
