import {expect} from 'chai'
import {NonFiniteError} from '../../../src/errors.js'
import type {GraphBuilder} from '../../../src/ir/build.js'
import type {Model} from '../../../src/ir/model.js'
import {readFloat32, type Tensor} from '../../../src/ir/tensor.js'
import {type MagnitudeOptions, prunableWeights, pruneMagnitude} from '../../../src/passes/prune/magnitude.js'
import {
  apply,
  compareAround,
  floatFeed,
  modelOf,
  peakOf,
  randomFloats,
  specsFor,
  type Write,
} from '../../support/pass-trial.js'

function options(model: Model, changes: Partial<MagnitudeOptions> = {}): MagnitudeOptions {
  return {specOf: specsFor(model), sparsity: 0.5, scope: 'global', ...changes}
}

/** Two layers, the second with weights ten times as large, a bias and an embedding-like Gather. */
function twoLayers(build: GraphBuilder): void {
  const x = build.input('x', ['N', 8])
  const [first, second] = [
    build.floats(randomFloats(8 * 12, 1, 0.1), [8, 12], 'w1'),
    build.floats(randomFloats(12 * 5, 2), [12, 5], 'w2'),
  ]
  const hidden = build.op('MatMul', [x, first], {}, {name: 'first'})
  build.output(build.op('Gemm', [hidden, second, build.floats(randomFloats(5))], {}, {name: 'second', outputs: ['y']}))
}

function valuesOf({graph}: Model, name: string): Float32Array {
  const value = graph.constants().find((constant) => constant.name === name)
  return readFloat32(value?.constant as Tensor)
}

function zerosIn(values: Float32Array): number {
  return values.reduce((sum, value) => sum + Number(value === 0), 0)
}

describe('pruneMagnitude', () => {
  for (const sparsity of [0, 0.01, 0.3, 0.5, 0.777, 1]) {
    it(`makes exactly round(${sparsity} n) weights zero, the smallest of each layer`, async () => {
      const model = modelOf(twoLayers)
      const names = ['w1', 'w2']
      const dense = names.map((name) => [...valuesOf(model, name)])
      await apply(pruneMagnitude(options(model, {sparsity})), model)
      const sparse = names.map((name) => [...valuesOf(model, name)])
      expect(sparse.flat().filter((value) => value === 0)).to.have.length(Math.round(sparsity * (96 + 60)))
      dense.forEach((before, layer) => {
        const after = sparse[layer] as number[]
        const removed = before.filter((_, i) => after[i] === 0).map(Math.abs)
        const kept = before.filter((_, i) => after[i] !== 0).map(Math.abs)
        // but for the largest of each output channel, of which there are 12 and 5
        const larger = removed.filter((value) => value > Math.min(...kept, Number.POSITIVE_INFINITY))
        if (sparsity <= 0.5) expect(larger).to.be.empty
        after.forEach((value, i) => {
          if (value !== 0) expect(value).to.equal(before[i])
        })
      })
    })
  }

  it('keeps every layer and every channel alive, whatever their scale', async () => {
    const model = modelOf((build) => {
      const taps = randomFloats(8 * 9, 1, 0.01).map((value, i) => (i < 9 ? value * 1e-3 : value))
      const filtered = build.op('Conv', [build.input('x', [1, 8, 6, 6]), build.floats(taps, [8, 1, 3, 3], 'w1')], {
        group: 8,
      })
      build.output(build.op('Conv', [filtered, build.floats(randomFloats(128, 2), [16, 8, 1, 1], 'w2')]))
    })
    await apply(pruneMagnitude(options(model, {sparsity: 0.7})), model)
    const taps = valuesOf(model, 'w1')
    expect(zerosIn(taps) + zerosIn(valuesOf(model, 'w2'))).to.equal(Math.round(0.7 * (72 + 128)))
    expect(zerosIn(taps)).to.be.at.most(Math.floor(0.775 * 72))
    for (let row = 0; row < 8; row++) expect(zerosIn(taps.slice(9 * row, 9 * row + 9))).to.be.below(9)
  })

  it('takes the same share of every layer with scope layer, whatever their scale', async () => {
    const model = modelOf(twoLayers)
    const {changed} = await apply(pruneMagnitude(options(model, {scope: 'layer'})), model)
    expect([zerosIn(valuesOf(model, 'w1')), zerosIn(valuesOf(model, 'w2'))]).to.deep.equal([48, 30])
    expect(changed.map(({node, count}) => [node, count])).to.deep.equal([
      ['first', 48],
      ['second', 30],
    ])
  })

  it('breaks ties in storage order, so that the count is exact', async () => {
    const model = modelOf((build) => {
      const ones = (name: string) => build.floats(new Float32Array(16).fill(-1), [4, 4], name)
      build.output(build.op('MatMul', [build.op('MatMul', [build.input('x', [1, 4]), ones('a')]), ones('b')]))
    })
    await apply(pruneMagnitude(options(model, {sparsity: 12 / 32})), model)
    const zeros = ['a', 'b'].map((name) => zerosIn(valuesOf(model, name)))
    expect((zeros[0] as number) + (zeros[1] as number)).to.equal(12)
    // the first of each column is its largest: none is larger
    expect([...valuesOf(model, 'a')].slice(0, 8)).to.deep.equal([-1, -1, -1, -1, 0, 0, 0, 0])
  })

  it('changes nothing the second time', async () => {
    const model = modelOf(twoLayers)
    await apply(pruneMagnitude(options(model)), model)
    const once = [...valuesOf(model, 'w1'), ...valuesOf(model, 'w2')]
    await apply(pruneMagnitude(options(model)), model)
    expect([...valuesOf(model, 'w1'), ...valuesOf(model, 'w2')]).to.deep.equal(once)
  })

  it('moves an output by no more than the weights it took times the largest input', async () => {
    const write: Write = (build) => {
      const weight = build.floats(randomFloats(8 * 5, 3), [8, 5])
      build.output(build.op('MatMul', [build.input('x', [2, 8]), weight], {}, {outputs: ['y']}))
    }
    const feeds = {x: floatFeed([2, 8])}
    const {before, maxAbs} = await compareAround(write, feeds, (model) => pruneMagnitude(options(model)))
    // half of 40 uniform weights are below about 0.5; a column has 8
    expect(maxAbs)
      .to.be.above(0)
      .and.below(8 * 0.6)
    expect(peakOf(before)).to.be.above(0)
  })

  it('prunes a shared weight once, and not when one of its readers is excluded', async () => {
    const shared: Write = (build) => {
      const [x, weight] = [build.input('x', [2, 8]), build.floats(randomFloats(64), [8, 8], 'w')]
      const first = build.op('MatMul', [x, weight], {}, {name: 'first'})
      build.output(build.op('MatMul', [first, weight], {}, {name: 'second'}))
    }
    const model = modelOf(shared)
    expect(prunableWeights(model.graph, options(model)).weights.map(({node}) => node.name)).to.deep.equal(['first'])
    const spared = prunableWeights(model.graph, options(model, {exclude: [/second/]}))
    expect(spared.weights).to.be.empty
    expect(spared.skipped[0]?.reason).to.equal('excluded by --exclude second')
  })

  it('leaves biases, vectors and tables alone', () => {
    const model = modelOf((build) => {
      const table = build.floats(randomFloats(64), [8, 8], 'table')
      const rows = build.op('Gather', [table, build.input('ids', [3], 'int64')])
      build.output(build.op('MatMul', [rows, build.floats(randomFloats(8), [8], 'vector')]))
    })
    const {weights, skipped} = prunableWeights(model.graph, options(model))
    expect(weights).to.be.empty
    expect(skipped.map(({op}) => op)).to.deep.equal(['Gather', 'MatMul'])
    expect(skipped[1]?.reason).to.equal('its weight is not a matrix')
  })

  for (const bad of [Number.NaN, Number.NEGATIVE_INFINITY]) {
    it(`refuses a weight that holds ${bad}, by name, and changes nothing`, () => {
      const model = modelOf((build) => {
        const weight = build.floats([1, bad, 2, 3], [2, 2], 'broken')
        build.output(build.op('MatMul', [build.input('x', [1, 2]), weight]))
      })
      expect(() => pruneMagnitude(options(model)).run(model.graph)).to.throw(
        NonFiniteError,
        /'broken'.*NaN or infinity/,
      )
      expect(zerosIn(valuesOf(model, 'broken'))).to.equal(0)
    })
  }
})
