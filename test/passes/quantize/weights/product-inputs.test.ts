import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import type {Model} from '../../../../src/ir/model.js'
import type {Node} from '../../../../src/ir/node.js'
import type {WeightRounding} from '../../../../src/passes/quantize/numbers/weight-rounding.js'
import {WEIGHT_TYPES, type WeightType} from '../../../../src/passes/quantize/numbers/weight-type.js'
import {
  type InputMoments,
  productInputs,
  productsWithin,
  roundingFrom,
} from '../../../../src/passes/quantize/weights/product-inputs.js'
import {quantizeRuntimeBlocks} from '../../../../src/passes/quantize/weights/runtime-blocks.js'
import {quantizeWeightsOnly} from '../../../../src/passes/quantize/weights/weights-only.js'
import {compareAround, modelOf, randomFloats, specsFor, type Write} from '../../../support/pass-trial.js'

const [ROWS, INPUTS, OUTPUTS] = [600, 80, 24]

/** `[ROWS, INPUTS]`: neighbours go together, and some are far larger than others. */
const x = randomFloats(ROWS * INPUTS, 5)
for (let i = 0; i < x.length; i++) if (i % INPUTS > 0) x[i] = 0.5 * (x[i] as number) + 0.9 * (x[i - 1] as number)
for (let i = 0; i < x.length; i++) x[i] = (x[i] as number) * (1 + (i % 4))

function measured(): InputMoments {
  const products = new Float64Array(INPUTS * INPUTS)
  for (let row = 0; row < ROWS; row++) {
    for (let i = 0; i < INPUTS; i++) {
      for (let j = 0; j < INPUTS; j++) {
        const product = (x[row * INPUTS + i] as number) * (x[row * INPUTS + j] as number)
        products[i * INPUTS + j] = (products[i * INPUTS + j] as number) + product
      }
    }
  }
  const squares = Float64Array.from({length: INPUTS}, (_, k) => (products[k * (INPUTS + 1)] as number) / ROWS)
  return {squares, products, rows: ROWS}
}

const gemm =
  (transB: 0 | 1): Write =>
  (build) => {
    const shape = transB ? [OUTPUTS, INPUTS] : [INPUTS, OUTPUTS]
    const weight = build.floats(randomFloats(INPUTS * OUTPUTS, 3), shape, 'w')
    build.output(build.op('Gemm', [build.input('x', ['N', INPUTS]), weight], {transB}, {outputs: ['y']}))
  }

const feeds = {x: new OrtTensor('float32', x, [ROWS, INPUTS])}

/** Root of the mean square error of y, in ONNX Runtime, of a way to write weights. */
async function errorOf(write: Write, passFor: (model: Model) => ReturnType<typeof quantizeWeightsOnly>) {
  const {before, after} = await compareAround(write, feeds, passFor, {opset: 21})
  const [a, b] = [before.y?.data as Float32Array, after.y?.data as Float32Array]
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0) / a.length)
}

describe('roundingFrom', () => {
  const moments = new Map([['x', measured()]])
  const squaresOnly = new Map([['x', {...measured(), products: undefined}]])
  const roundings: [string, WeightRounding | undefined, ReadonlyMap<string, InputMoments>][] = [
    ['plain', undefined, new Map()],
    ['scale estimation', {grid: 'mse', fullRange: true}, squaresOnly],
    ['GPTQ', {grid: 'mse', fullRange: true}, moments],
  ]

  for (const dtype of ['int4', 'uint4'] as const) {
    for (const transB of [0, 1] as const) {
      it(`lowers the error of ${dtype} weights, transB ${transB}`, async () => {
        const type: WeightType = WEIGHT_TYPES[dtype]
        const errors: number[] = []
        for (const [, base, known] of roundings) {
          const rounding = base && roundingFrom(base, known)
          errors.push(
            await errorOf(gemm(transB), (model) =>
              quantizeWeightsOnly({
                specOf: specsFor(model),
                perChannel: true,
                blockSize: 16,
                typeOf: () => type,
                rounding,
              }),
            ),
          )
        }
        const [plain = 0, estimated = 0, byGptq = 0] = errors
        expect(estimated).to.be.below(plain)
        expect(byGptq).to.be.below(0.5 * plain)
      })

      it(`lowers it in the runtime's blocks too, ${dtype}, transB ${transB}, the last block filled up`, async () => {
        const type = WEIGHT_TYPES[dtype]
        const errors: number[] = []
        for (const [, base, known] of roundings) {
          const rounding = base && roundingFrom(base, known)
          errors.push(
            await errorOf(gemm(transB), () => quantizeRuntimeBlocks({blockSize: 32, typeOf: () => type, rounding})),
          )
        }
        const [plain = 0, estimated = 0, byGptq = 0] = errors
        expect(estimated).to.be.below(plain)
        // the kernel rounds the data to 8 bits besides
        expect(byGptq).to.be.below(0.7 * plain)
      })
    }
  }

  const base: WeightRounding = {grid: 'mse'}
  const node = (model: Model, opType: string) => model.graph.nodes().find((one) => one.opType === opType) as Node

  it('has no products where calibration had too few rows, and nothing for tables', () => {
    const model = modelOf((build) => {
      gemm(0)(build)
      const table = build.floats(randomFloats(50 * 64), [50, 64], 'table')
      build.output(build.op('Gather', [table, build.input('ids', ['N'], 'int64')]))
    })
    const few = new Map([['x', {...measured(), rows: 4 * INPUTS - 1}]])
    const enough = new Map([['x', {...measured(), rows: 4 * INPUTS}]])
    expect(roundingFrom(base, few)(node(model, 'Gemm'), 1)).to.have.keys('grid', 'squares')
    expect(roundingFrom(base, enough)(node(model, 'Gemm'), 1)).to.have.keys('grid', 'squares', 'products')
    expect(roundingFrom(base, moments)(node(model, 'Gather'), 0)).to.equal(undefined)
  })

  it('tells the windows of convolutions on one tensor apart, and leaves depthwise ones out', () => {
    const model = modelOf((build) => {
      const image = build.input('image', ['N', 4, 8, 8])
      const conv = (shape: number[], attributes: Readonly<Record<string, number | number[] | string>> = {}) => {
        const count = shape.reduce((all, size) => all * size)
        build.output(build.op('Conv', [image, build.floats(randomFloats(count), shape)], attributes))
      }
      conv([6, 4, 1, 1], {strides: [1, 1], pads: [0, 0, 0, 0]})
      conv([6, 4, 3, 3], {pads: [1, 1, 1, 1], kernel_shape: [3, 3]})
      conv([2, 4, 3, 3], {pads: [1, 1, 1, 1]})
      conv([6, 4, 3, 3], {strides: [2, 2], auto_pad: 'SAME_UPPER'})
      conv([4, 1, 3, 3], {group: 4})
    })
    expect(productInputs(model.graph.nodes()).map(({channels, window}) => [channels, window])).to.deep.equal([
      [4, {kernel: [1, 1], attributes: {}}],
      [36, {kernel: [3, 3], attributes: {pads: [1, 1, 1, 1]}}],
      [36, {kernel: [3, 3], attributes: {strides: [2, 2], auto_pad: 'SAME_UPPER'}}],
    ])
    const [, {key = ''} = {}] = productInputs(model.graph.nodes())
    const products = new Float64Array(36 * 36)
    const own = new Map([[key, {squares: new Float64Array(36), products, rows: 1e4}]])
    const [pointwise, wide, other] = model.graph.nodes()
    expect(roundingFrom(base, own)(pointwise as Node, 1)).to.deep.equal(base)
    expect(roundingFrom(base, own)(wide as Node, 1)?.products).to.equal(products)
    expect(roundingFrom(base, own)(other as Node, 1)?.products).to.equal(products)
  })

  it('adds up the inputs of all products that read a weight', () => {
    const model = modelOf((build) => {
      const weight = build.floats([1, 2, 3, 4], [2, 2], 'w')
      build.output(build.op('MatMul', [build.input('a', ['N', 2]), weight]))
      const turned = build.op('Transpose', [build.floats([1, 2, 3, 4], [2, 2], 'v')], {perm: [1, 0]})
      build.output(build.op('MatMul', [build.input('b', ['N', 2]), weight]))
      build.output(build.op('MatMul', [build.input('c', ['N', 2]), turned]))
    })
    const of = (square: number, rows: number): InputMoments => ({
      squares: Float64Array.of(square, 0),
      products: Float64Array.of(square * rows, 1, 1, 0),
      rows,
    })
    const all = new Map([
      ['a', of(1, 10)],
      ['b', of(4, 30)],
    ])
    const rounding = roundingFrom(base, all)(node(model, 'MatMul'), 1)
    expect([...(rounding?.squares ?? [])]).to.deep.equal([(10 + 120) / 40, 0])
    expect([...(rounding?.products ?? [])]).to.deep.equal([130, 2, 2, 0])
    const inputs = productInputs(model.graph.nodes())
    expect(inputs).to.deep.equal(['a', 'b', 'c'].map((tensor) => ({key: tensor, tensor, channels: 2})))
    // matrices of 2 x 2 in eight bytes: two of three
    expect(productsWithin(inputs, 64)).to.deep.equal(inputs.slice(0, 2))
  })
})
