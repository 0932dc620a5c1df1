import {expect} from 'chai'
import {NonFiniteError} from '../../../../src/errors.js'
import {GraphBuilder} from '../../../../src/ir/build.js'
import {Graph} from '../../../../src/ir/graph.js'
import type {Model} from '../../../../src/ir/model.js'
import {isPacked, WEIGHT_TYPES} from '../../../../src/passes/quantize/numbers/weight-type.js'
import {quantizeWeightsOnly, whyNotStored} from '../../../../src/passes/quantize/weights/weights-only.js'
import {reasonsIn} from '../../../support/chosen-type.js'
import {
  apply,
  compareAround,
  floatFeed,
  kernelsOf,
  modelOf,
  onlyNode,
  opTypes,
  randomFloats,
  specsFor,
  type Write,
} from '../../../support/pass-trial.js'

const weightsOnly = (perChannel: boolean) => (model: Model) =>
  quantizeWeightsOnly({specOf: specsFor(model), perChannel, typeOf: () => WEIGHT_TYPES.int8})

/** Weights are even over ±1, so a step is at most 1/127, half a step the error of a weight, and `fanIn` inputs of ±1 add up. */
function bound(fanIn: number): number {
  return fanIn / 127 / 2 + 1e-5
}

const LAYERS: readonly (readonly [what: string, fanIn: number, write: Write, dims: readonly number[]])[] = [
  [
    'Conv with groups, strides and pads',
    18,
    (build) => {
      const weight = build.floats(randomFloats(32 * 2 * 9), [32, 2, 3, 3])
      const attributes = {group: 4, strides: [2, 2], pads: [1, 1, 1, 1]}
      build.output(build.op('Conv', [build.input('x', [1, 8, 9, 9]), weight], attributes, {outputs: ['y']}))
    },
    [1, 8, 9, 9],
  ],
  [
    'ConvTranspose with groups',
    4 * 9,
    (build) => {
      const weight = build.floats(randomFloats(8 * 6 * 9), [8, 6, 3, 3])
      build.output(build.op('ConvTranspose', [build.input('x', [1, 8, 5, 5]), weight], {group: 2}, {outputs: ['y']}))
    },
    [1, 8, 5, 5],
  ],
  [
    'Gemm with transA, transB and alpha',
    20,
    (build) => {
      const [weight, bias] = [build.floats(randomFloats(16 * 20), [16, 20]), build.floats(randomFloats(16))]
      const attributes = {transA: 1, transB: 1}
      build.output(build.op('Gemm', [build.input('x', [20, 3]), weight, bias], attributes, {outputs: ['y']}))
    },
    [20, 3],
  ],
  [
    'MatMul with a batch of matrices',
    10,
    (build) => {
      const weight = build.floats(randomFloats(3 * 10 * 12), [3, 10, 12])
      build.output(build.op('MatMul', [build.input('x', [3, 4, 10]), weight], {}, {outputs: ['y']}))
    },
    [3, 4, 10],
  ],
]

describe('quantizeWeightsOnly', () => {
  for (const [what, fanIn, write, dims] of LAYERS) {
    for (const perChannel of [true, false]) {
      it(`stores ${what} as int8, ${perChannel ? 'per channel' : 'per tensor'}, within half a step per weight`, async () => {
        const {model, report, maxAbs} = await compareAround(write, {x: floatFeed(dims)}, weightsOnly(perChannel))
        expect(report.changed.map(({to}) => to)).to.deep.equal(['int8'])
        expect(opTypes(model).slice(0, 2)).to.deep.equal(['Cast', 'Mul'])
        expect(model.graph.constants().some(({constant}) => constant?.dtype === 'int8')).to.equal(true)
        expect(maxAbs).to.be.above(0).and.below(bound(fanIn))
      })
    }
  }

  it('leaves nothing to compute at run time: ONNX Runtime folds Cast and Mul when it loads the model', async () => {
    for (const [what, , write] of LAYERS) {
      const model = modelOf(write)
      await apply(weightsOnly(true)(model), model)
      expect(await kernelsOf(model), what).not.to.have.any.keys('Cast', 'Mul', 'DequantizeLinear')
    }
  })

  for (const type of Object.values(WEIGHT_TYPES)) {
    for (const blockSize of isPacked(type) ? [32, undefined] : [undefined]) {
      const form = blockSize ? `blocks of ${blockSize}` : 'one scale per channel'
      it(`stores every layer as ${type.dtype}, ${form}, and ONNX Runtime folds all of it when it loads the model`, async () => {
        const passFor = (model: Model) =>
          quantizeWeightsOnly({
            specOf: specsFor(model),
            perChannel: true,
            typeOf: () => type,
            ...(blockSize && {blockSize}),
          })
        for (const [what, fanIn, write, dims] of LAYERS) {
          const feeds = {x: floatFeed(dims)}
          const {model, report, maxAbs} = await compareAround(write, feeds, passFor, {opset: 21})
          expect(report.changed.map(({to}) => to)).to.deep.equal([type.dtype])
          expect(model.graph.constants().some(({constant}) => constant?.dtype === type.dtype)).to.equal(true)
          // weights within ±1 in steps of at most 2 over those the type has, inputs within ±1
          expect(maxAbs, what)
            .to.be.above(0)
            .and.below(fanIn / (type.high - type.low) + 1e-4)
          const folded = ['Cast', 'Sub', 'Mul', 'Reshape', 'Transpose', 'DequantizeLinear']
          expect(await kernelsOf(model), what).not.to.have.any.keys(...folded)
        }
      })
    }
  }

  it('gives blocks finer scales than channels: one far weight spoils its block alone', async () => {
    const values = randomFloats(64 * 8, 1, 0.1)
    values[0] = 10
    const write: Write = (build) => {
      build.output(build.op('MatMul', [build.input('x', [1, 64]), build.floats(values, [64, 8])], {}, {outputs: ['y']}))
    }
    const errorOf = async (blockSize: number | undefined) => {
      const passFor = (model: Model) => {
        const options = {specOf: specsFor(model), perChannel: true, typeOf: () => WEIGHT_TYPES.int4}
        return quantizeWeightsOnly({...options, ...(blockSize && {blockSize})})
      }
      const {before, after} = await compareAround(write, {x: floatFeed([1, 64])}, passFor, {opset: 21})
      return Math.abs(Number(before.y?.data[0]) - Number(after.y?.data[0]))
    }
    // beside the far weight of 10, 15 (or 63) weights are under half its step and become 0
    expect(await errorOf(16)).to.be.below(15 * 0.1 + 48 * (0.1 / 14))
    expect(await errorOf(undefined)).to.be.below(63 * 0.1)
  })

  for (const [opType, gates, hidden] of [
    ['RNN', 1, 16],
    ['GRU', 3, 16],
    ['LSTM', 4, 16],
  ] as const) {
    for (const type of [WEIGHT_TYPES.int8, WEIGHT_TYPES.int4]) {
      it(`stores both matrices of ${opType} as ${type.dtype}: there is no integer kernel for it, or none for 4 bits`, async () => {
        const write: Write = (build) => {
          const weight = (size: number, seed: number) =>
            build.floats(randomFloats(2 * gates * hidden * size, seed, 0.2), [2, gates * hidden, size])
          const inputs = [build.input('x', [4, 2, 12]), weight(12, 1), weight(hidden, 2)]
          const attributes = {hidden_size: hidden, direction: 'bidirectional'}
          build.output(build.op(opType, inputs, attributes, {outputs: ['y']}))
        }
        const passFor = (model: Model) =>
          quantizeWeightsOnly({specOf: specsFor(model), perChannel: true, blockSize: 32, typeOf: () => type})
        const {model, report, maxAbs} = await compareAround(write, {x: floatFeed([4, 2, 12])}, passFor, {opset: 21})
        expect(report.changed.map(({to}) => to)).to.deep.equal([type.dtype, type.dtype])
        // 28 products of weights off by half a step of 0.2 / high, before an activation of slope 1 at most, over 4 steps
        expect(maxAbs)
          .to.be.above(0)
          .and.below((4 * 28 * 0.2) / type.high / 2)
        expect(await kernelsOf(model)).to.deep.equal({[opType]: 1})
      })
    }
  }

  it('stores a weight of an odd number of 4-bit elements', async () => {
    const write: Write = (build) => {
      const weight = build.floats(randomFloats(19 * 19), [19, 19])
      build.output(build.op('MatMul', [build.input('x', [2, 19]), weight], {}, {outputs: ['y']}))
    }
    for (const type of [WEIGHT_TYPES.int4, WEIGHT_TYPES.uint4]) {
      const passFor = (model: Model) =>
        quantizeWeightsOnly({specOf: specsFor(model), perChannel: true, typeOf: () => type, blockSize: 32})
      const {maxAbs} = await compareAround(write, {x: floatFeed([2, 19])}, passFor, {opset: 21})
      expect(maxAbs)
        .to.be.above(0)
        .and.below(19 / (type.high - type.low) + 1e-4)
    }
  })

  it('folds in the bodies of loops too: nothing is computed once per round', async () => {
    const write: Write = (build) => {
      const x = build.input('x', [2, 20])
      const graph = new Graph('body', build.graph)
      const inner = new GraphBuilder(graph)
      inner.input('i', [], 'int64')
      const goOn = inner.input('go_on', [], 'bool')
      const state = inner.input('state', [2, 20])
      const weight = inner.floats(randomFloats(400, 1, 0.2), [20, 20])
      inner.output(inner.op('Identity', [goOn]))
      inner.output(inner.op('MatMul', [state, weight]))
      const rounds = build.constant({dtype: 'int64', shape: [], read: () => BigInt64Array.of(2n)})
      build.output(build.op('Loop', [rounds, undefined, x], {body: graph}, {outputs: ['y']}))
    }
    const {model, report, maxAbs} = await compareAround(write, {x: floatFeed([2, 20])}, weightsOnly(true))
    expect(report.changed.map(({op}) => op)).to.deep.equal(['MatMul'])
    // two products of 20 weights within 0.2, each off by 0.2/254; the first one's error passes the second
    expect(maxAbs)
      .to.be.above(0)
      .and.below(((20 * 0.2) / 254) * (4 + 4) + 1e-5)
    expect(await kernelsOf(model)).not.to.have.any.keys('Cast', 'Mul')
  })

  it('stores a shared weight once', async () => {
    const write: Write = (build) => {
      const [x, weight] = [build.input('x', [2, 20]), build.floats(randomFloats(400), [20, 20])]
      build.output(build.op('MatMul', [build.op('MatMul', [x, weight]), weight], {}, {outputs: ['y']}))
    }
    const {model, report} = await compareAround(write, {x: floatFeed([2, 20])}, weightsOnly(true))
    expect(report.changed).to.have.length(2)
    expect(opTypes(model)).to.deep.equal(['Cast', 'Mul', 'MatMul', 'MatMul'])
    expect(model.graph.constants().filter(({constant}) => constant?.dtype === 'int8')).to.have.length(1)
  })

  it('stores a weight once that is turned for another product, whoever comes first', async () => {
    for (const type of [WEIGHT_TYPES.int8, WEIGHT_TYPES.int4]) {
      const write: Write = (build) => {
        const table = build.floats(randomFloats(64 * 32), [64, 32], 'table')
        const turned = build.op('Transpose', [table], {perm: [1, 0]})
        const hidden = build.op('MatMul', [build.input('x', ['N', 64]), table])
        build.output(build.op('MatMul', [hidden, turned], {}, {outputs: ['y']}))
      }
      const model = modelOf(write, 21)
      const options = {specOf: specsFor(model), perChannel: true, blockSize: 32, typeOf: () => type}
      const report = await apply(quantizeWeightsOnly(options), model)
      expect(report.changed.map(({op}) => op)).to.deep.equal(['MatMul', 'Transpose'])
      expect(model.graph.constants().some(({name}) => name === 'table')).to.equal(false)
      const kernels = await kernelsOf(model)
      expect(Object.keys(kernels)).to.deep.equal(['MatMul'])
    }
  })

  it('restores a weight that branches read where the weight is, once for both', async () => {
    const write: Write = (build) => {
      const [x, weight] = [build.input('x', [2, 20]), build.floats(randomFloats(400), [20, 20])]
      const branch = (name: string) => {
        const graph = new Graph(name, build.graph)
        const inner = new GraphBuilder(graph)
        inner.output(inner.op('MatMul', [x, weight]))
        return graph
      }
      const branches = {then_branch: branch('t'), else_branch: branch('e')}
      build.output(build.op('If', [build.scalar(1, 'bool')], branches, {outputs: ['y']}))
      build.output(build.op('MatMul', [x, weight], {}, {outputs: ['z']}))
    }
    const {model, report, maxAbs} = await compareAround(write, {x: floatFeed([2, 20])}, weightsOnly(true))
    expect(report.changed).to.have.length(3)
    expect(opTypes(model)).to.deep.equal(['Cast', 'Mul', 'If', 'MatMul', 'MatMul', 'MatMul'])
    expect(maxAbs).to.be.below(bound(20))
  })

  it('works on weights that only a branch owns', async () => {
    const write: Write = (build) => {
      const x = build.input('x', [2, 20])
      const branch = (name: string, seed: number) => {
        const graph = new Graph(name, build.graph)
        const inner = new GraphBuilder(graph)
        inner.output(inner.op('MatMul', [x, inner.floats(randomFloats(400, seed), [20, 20])]))
        return graph
      }
      const branches = {then_branch: branch('t', 1), else_branch: branch('e', 2)}
      build.output(build.op('If', [build.scalar(1, 'bool')], branches, {outputs: ['y']}))
    }
    const {model, maxAbs} = await compareAround(write, {x: floatFeed([2, 20])}, weightsOnly(true))
    expect(opTypes(model)).to.deep.equal(['If', 'Cast', 'Mul', 'MatMul', 'Cast', 'Mul', 'MatMul'])
    expect(maxAbs).to.be.below(bound(20))
  })

  it('says why it leaves vectors and small weights alone', () => {
    const model = modelOf((build) => {
      const x = build.input('x', [2, 20])
      const product = build.op('MatMul', [x, build.floats(randomFloats(400), [20, 20])], {}, {name: 'kept'})
      const small = build.op('MatMul', [product, build.floats(randomFloats(40), [20, 2])], {}, {name: 'small'})
      build.output(build.op('MatMul', [small, build.floats(randomFloats(2))], {}, {name: 'vector'}))
    })
    expect(reasonsIn(model, (node) => whyNotStored(node, specsFor(model)))).to.deep.equal([
      ['small', 'its weight has only 40 elements'],
      ['vector', 'its weight is not a matrix'],
    ])
  })

  it('keeps a channel of zeros at zero', async () => {
    const write: Write = (build) => {
      const values = randomFloats(400)
      for (let row = 0; row < 20; row++) values[row * 20 + 3] = 0
      build.output(
        build.op('MatMul', [build.input('x', [1, 20]), build.floats(values, [20, 20])], {}, {outputs: ['y']}),
      )
    }
    const {after, maxAbs} = await compareAround(write, {x: floatFeed([1, 20])}, weightsOnly(true))
    expect(after.y?.data[3]).to.equal(0)
    expect(maxAbs).to.be.below(bound(20))
  })

  it('refuses a weight with NaN by name', () => {
    const model = modelOf((build) => {
      const values = randomFloats(400)
      values[77] = Number.NaN
      build.output(build.op('MatMul', [build.input('x', [1, 20]), build.floats(values, [20, 20], 'fc.weight')]))
    })
    expect(() => weightsOnly(true)(model).run(model.graph)).to.throw(NonFiniteError, /'fc\.weight'/)
  })

  it('leaves the input of the next pass alone: integers are no float weights', async () => {
    const model = modelOf((LAYERS[0] as (typeof LAYERS)[number])[2])
    await apply(weightsOnly(true)(model), model)
    expect((await apply(weightsOnly(true)(model), model)).changed).to.be.empty
    expect(onlyNode(model, 'Conv').inputs[1]?.producer?.opType).to.equal('Mul')
  })
})
