import {expect} from 'chai'
import type {GraphBuilder} from '../../../../src/ir/build.js'
import {readFloat32} from '../../../../src/ir/tensor.js'
import type {Value} from '../../../../src/ir/value.js'
import {type ScalableInput, scaleInputs} from '../../../../src/passes/quantize/prepare/scale-inputs.js'
import {apply, compareAround, floatFeed, modelOf, randomFloats, type Write} from '../../../support/pass-trial.js'

const K = 12
const factors = Float64Array.from({length: K}, (_, k) => 2 ** ((k % 5) - 2) * 1.1)

const matrix = (build: GraphBuilder, seed: number, shape: readonly [number, number], name: string) =>
  build.floats(randomFloats(shape[0] * shape[1], seed), shape, name)
const vector = (build: GraphBuilder, seed: number, name: string) =>
  build.floats(
    randomFloats(K, seed).map((value) => value + 2),
    [K],
    name,
  )

/** Two products that read `h`. */
function products(build: GraphBuilder, h: Value): void {
  build.output(build.op('MatMul', [h, matrix(build, 3, [K, 5], 'w1')], {}, {outputs: ['y1']}))
  build.output(build.op('MatMul', [h, matrix(build, 4, [K, 7], 'w2')], {}, {outputs: ['y2']}))
}

const FRONTS: readonly (readonly [what: string, front: (build: GraphBuilder, x: Value) => Value])[] = [
  [
    'LayerNormalization',
    (build, x) => build.op('LayerNormalization', [x, vector(build, 1, 'g'), vector(build, 2, 'b')], {axis: -1}),
  ],
  [
    'SimplifiedLayerNormalization',
    (build, x) => build.op('SimplifiedLayerNormalization', [x, vector(build, 1, 'g')], {axis: -1}),
  ],
  [
    'a normalization written out',
    (build, x) =>
      build.op('Add', [build.op('Mul', [build.op('Tanh', [x]), vector(build, 1, 'g')]), vector(build, 2, 'b')]),
  ],
  ['a factor', (build, x) => build.op('Mul', [vector(build, 1, 'g'), x])],
  [
    'MatMul, Add and Relu',
    (build, x) => {
      const sum = build.op('Add', [vector(build, 2, 'b'), build.op('MatMul', [x, matrix(build, 1, [K, K], 'v')])])
      return build.op('Relu', [sum])
    },
  ],
]

describe('scaleInputs', () => {
  const scale = () => scaleInputs({factorsOf: () => factors})

  for (const [what, front] of FRONTS) {
    it(`changes no result behind ${what}, and the weights by the factors`, async () => {
      const write: Write = (build) => products(build, front(build, build.input('x', ['N', K])))
      const {model, report, maxAbs} = await compareAround(write, {x: floatFeed([9, K], 7, 2)}, scale)
      expect(report.changed.map(({rule, count}) => [rule, count])).to.deep.equal([['scale-inputs', 2]])
      expect(maxAbs).to.be.below(2e-5)
      const weight = model.graph.constants().find(({name}) => name === 'w1')?.constant
      const before = randomFloats(K * 5, 3)
      const values = weight ? readFloat32(weight) : []
      expect(values).to.have.length(K * 5)
      for (const [i, value] of values.entries()) {
        expect(value).to.be.closeTo((before[i] as number) * (factors[Math.floor(i / 5)] as number), 1e-6)
      }
    })
  }

  for (const transB of [0, 1]) {
    it(`does it between two Gemm with a Relu, transB ${transB}`, async () => {
      const write: Write = (build) => {
        const bias = vector(build, 2, 'b')
        const h = build.op('Gemm', [build.input('x', ['N', K]), matrix(build, 1, [K, K], 'v'), bias], {transB})
        const w = matrix(build, 3, transB ? [5, K] : [K, 5], 'w')
        build.output(build.op('Gemm', [build.op('Relu', [h]), w], {transB}, {outputs: ['y']}))
      }
      const {report, maxAbs} = await compareAround(write, {x: floatFeed([9, K], 7, 2)}, scale)
      expect(report.changed).to.have.length(1)
      expect(maxAbs).to.be.below(2e-5)
    })
  }

  it('tells what it could scale: the tensor and how large its weights are', async () => {
    const seen: ScalableInput[] = []
    const model = modelOf((build) => {
      const h = build.op('Mul', [build.input('x', ['N', 2]), build.floats([1, 1])], {}, {outputs: ['h']})
      build.output(build.op('MatMul', [h, build.floats([1, -3, 2, 0], [2, 2])]))
      build.output(build.op('MatMul', [h, build.floats([2, 4], [2, 1])]))
    })
    const pass = scaleInputs({
      factorsOf(input) {
        seen.push(input)
        return undefined
      },
    })
    expect((await apply(pass, model)).changed).to.deep.equal([])
    expect(seen.map(({tensor, channels, weightPeaks}) => [tensor, channels, ...weightPeaks()])).to.deep.equal([
      ['h', 2, 3, 4],
    ])
  })

  it('leaves alone what others read too, shared parameters, and what takes no factors up', async () => {
    const model = modelOf((build) => {
      const x = build.input('x', ['N', K])
      const normalized = build.op('LayerNormalization', [x, vector(build, 1, 'g'), vector(build, 2, 'b')], {axis: -1})
      build.output(build.op('Add', [x, normalized]))
      build.output(build.op('MatMul', [normalized, matrix(build, 3, [K, 5], 'w1')]))
      const shared = vector(build, 5, 's')
      for (const name of ['w2', 'w3']) {
        const h = build.op('Mul', [x, shared], {}, {name: `times_${name}`})
        build.output(build.op('MatMul', [h, matrix(build, 3, [K, 5], name)]))
      }
      const erf = build.op('Erf', [x], {}, {name: 'erf'})
      build.output(build.op('MatMul', [erf, matrix(build, 3, [K, 5], 'w4')]))
    })
    const {changed, skipped} = await apply(scale(), model)
    expect(changed).to.deep.equal([])
    expect(skipped.map(({node, reason}) => [node, reason])).to.deep.equal([
      ['times_w2', 'its scale and offset are no vectors of its own'],
      ['times_w3', 'its scale and offset are no vectors of its own'],
      ['erf', 'nothing in front of its products takes factors up'],
    ])
  })
})
