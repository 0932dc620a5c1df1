import {expect} from 'chai'
import {float} from '../../../../src/ir/attribute.js'
import {GraphBuilder} from '../../../../src/ir/build.js'
import type {Dim} from '../../../../src/ir/dim.js'
import {Graph} from '../../../../src/ir/graph.js'
import type {Model} from '../../../../src/ir/model.js'
import type {Node} from '../../../../src/ir/node.js'
import type {DynamicOptions} from '../../../../src/passes/quantize/dynamic/dynamic-matmul.js'
import {
  quantizeDynamicMatMul,
  tooSmallForIntegers,
  whyNotDynamicProduct,
} from '../../../../src/passes/quantize/dynamic/dynamic-matmul.js'
import {WEIGHT_TYPES} from '../../../../src/passes/quantize/numbers/weight-type.js'
import {reasonsIn, typeWhere} from '../../../support/chosen-type.js'
import {
  compareAround,
  floatFeed,
  kernelsOf,
  modelOf,
  onlyNode,
  opTypes,
  peakOf,
  randomFloats,
  specsFor,
  type Write,
} from '../../../support/pass-trial.js'

const dynamic =
  (changes: Partial<DynamicOptions> = {}) =>
  (model: Model) =>
    quantizeDynamicMatMul({perChannel: true, typeOf: typeWhere(whyNotIn(model)), ...changes})

const whyNotIn = (model: Model) => (node: Node) =>
  node.domain === '' && (node.opType === 'MatMul' || node.opType === 'Gemm')
    ? whyNotDynamicProduct(node, specsFor(model))
    : null

/**
 * Weights and inputs are even over ±1: a weight is off by at most 1/254, an input (over a range of 2 in 255 steps) by 1/255.
 */
function bound(fanIn: number): number {
  return fanIn * (1 / 254 + 1 / 255 + 1 / 254 / 255) + 1e-5
}

const layer =
  (attributes: Record<string, number>, bias: boolean, rows: number | string = 4): Write =>
  (build) => {
    const shape = attributes.transB ? [24, 32] : [32, 24]
    const inputs = [build.input('x', [rows, 32]), build.floats(randomFloats(32 * 24), shape, 'w')]
    const all = bias ? [...inputs, build.floats(randomFloats(24, 2), [24], 'b')] : inputs
    build.output(build.op('Gemm', all, attributes, {outputs: ['y']}))
  }

const attention: Write = (build) => {
  const x = build.input('x', [1, 8, 32])
  for (const name of ['q', 'k', 'v']) {
    const product = build.op('MatMul', [x, build.floats(randomFloats(32 * 24, name.charCodeAt(0)), [32, 24])])
    build.output(build.op('Add', [product, build.floats(randomFloats(24, 5))], {}, {outputs: [name]}))
  }
}

describe('quantizeDynamicMatMul', () => {
  for (const attributes of [{}, {transB: 1}]) {
    for (const perChannel of [true, false]) {
      for (const bias of [true, false]) {
        const what = `${JSON.stringify(attributes)}, ${bias ? 'bias' : 'no bias'}, ${perChannel ? 'channel' : 'tensor'}`
        it(`multiplies integers: Gemm ${what}`, async () => {
          const passFor = dynamic({perChannel})
          const {model, maxAbs} = await compareAround(layer(attributes, bias), {x: floatFeed([4, 32])}, passFor)
          const last = bias ? ['Mul', 'Mul', 'Add'] : ['Mul', 'Mul']
          expect(opTypes(model)).to.deep.equal(['DynamicQuantizeLinear', 'MatMulInteger', 'Cast', ...last])
          expect(maxAbs).to.be.above(0).and.below(bound(32))
          expect(await kernelsOf(model)).to.deep.equal({DynamicQuantizeMatMul: 1})
        })
      }
    }
  }

  it('quantizes an input that several products share once, and ONNX Runtime keeps it so', async () => {
    const {model, maxAbs} = await compareAround(attention, {x: floatFeed([1, 8, 32])}, dynamic())
    expect(opTypes(model).filter((type) => type === 'DynamicQuantizeLinear')).to.have.length(1)
    expect(maxAbs).to.be.below(bound(32))
    expect(await kernelsOf(model)).to.deep.equal({DynamicQuantizeLinear: 1, MatMulIntegerToFloat: 3})
  })

  it('stores a shared weight once', async () => {
    const write: Write = (build) => {
      const weight = build.floats(randomFloats(32 * 32), [32, 32], 'w')
      const first = build.op('MatMul', [build.input('x', [4, 32]), weight])
      build.output(build.op('Gemm', [build.op('Tanh', [first]), weight], {}, {outputs: ['y']}))
    }
    const {model, maxAbs} = await compareAround(write, {x: floatFeed([4, 32])}, dynamic())
    const sizes = model.graph.constants().map(({constant}) => constant?.dtype)
    expect(sizes.filter((dtype) => dtype === 'int8')).to.have.length(1)
    expect(sizes.filter((dtype) => dtype === 'float32')).to.have.length(1)
    // tanh does not stretch differences, so both layers' errors pass through at most one sum of 32 weights
    expect(maxAbs).to.be.below(bound(32) * (1 + 32))
  })

  it('keeps half the range for processors without dot products, within twice the step', async () => {
    const {model, maxAbs} = await compareAround(layer({}, true), {x: floatFeed([4, 32])}, dynamic({peak: 64}))
    const weight = model.graph.constants().find(({constant}) => constant?.dtype === 'int8')?.constant
    expect(Math.max(...Array.from(weight?.read() as Int8Array, Math.abs))).to.equal(64)
    expect(maxAbs).to.be.below(2 * bound(32))
  })

  it('leaves an all-zero input and an all-zero column at exactly the bias', async () => {
    const write: Write = (build) => {
      const weight = build.floats(new Float32Array(32 * 24), [32, 24])
      const bias = build.floats(randomFloats(24))
      build.output(build.op('Gemm', [build.input('x', [4, 32]), weight, bias], {}, {outputs: ['y']}))
    }
    expect((await compareAround(write, {x: floatFeed([4, 32])}, dynamic())).maxAbs).to.equal(0)
    expect((await compareAround(layer({}, true), {x: floatFeed([4, 32], 1, 0)}, dynamic())).maxAbs).to.equal(0)
  })

  const refused: readonly (readonly [what: string, write: Write, reason: string])[] = [
    ['a transposed input', layer({transA: 1}, false, 32), 'its data input is transposed'],
    [
      'alpha',
      (build) => {
        const y = build.op('Gemm', [build.input('x', [4, 4]), build.floats(randomFloats(16), [4, 4])])
        y.producer?.set('alpha', float(0.5))
        build.output(y)
      },
      'alpha or beta is not 1',
    ],
    [
      'a bias over rows',
      (build) => {
        const [x, weight] = [build.input('x', [4, 4]), build.floats(randomFloats(16), [4, 4])]
        build.output(build.op('Gemm', [x, weight, build.floats(randomFloats(4), [4, 1])]))
      },
      'its bias is not one value per column',
    ],
    [
      'a weight that is computed',
      (build) => {
        const x = build.input('x', [4, 4])
        build.output(build.op('MatMul', [x, x]))
      },
      'its weight is not a constant',
    ],
    [
      'a constant on the left',
      (build) => {
        build.output(build.op('MatMul', [build.floats(randomFloats(16), [4, 4]), build.input('x', [4, 4])]))
      },
      'its constant stands on the left: only that is stored as integers',
    ],
  ]
  for (const [what, write, reason] of refused) {
    it(`leaves ${what} in float and says why`, () => {
      const model = modelOf(write)
      expect(reasonsIn(model, whyNotIn(model)).map(([, why]) => why)).to.deep.equal([reason])
    })
  }

  for (const dims of [
    [3, 4, 16],
    [2, 3, 4, 16],
    [4, 16],
  ]) {
    it(`multiplies a batch of weights with inputs of ${dims.join(' × ')}`, async () => {
      const write: Write = (build) => {
        const weight = build.floats(randomFloats(3 * 16 * 6), [3, 16, 6])
        build.output(build.op('MatMul', [build.input('x', dims), weight], {}, {outputs: ['y']}))
      }
      for (const type of [WEIGHT_TYPES.int8, WEIGHT_TYPES.uint8]) {
        const {model, maxAbs} = await compareAround(write, {x: floatFeed(dims)}, dynamic({typeOf: () => type}))
        expect(maxAbs).to.be.above(0).and.below(bound(16))
        expect(await kernelsOf(model)).to.deep.equal({DynamicQuantizeMatMul: 1})
      }
    })
  }

  it('stores unsigned weights with a zero point per column', async () => {
    const skewed: Write = (build) => {
      const weight = build.floats(
        randomFloats(32 * 24).map((value, i) => value + (i % 24) / 12),
        [32, 24],
      )
      build.output(build.op('MatMul', [build.input('x', [4, 32]), weight], {}, {outputs: ['y']}))
    }
    const {model, maxAbs} = await compareAround(
      skewed,
      {x: floatFeed([4, 32])},
      dynamic({typeOf: () => WEIGHT_TYPES.uint8}),
    )
    expect(model.graph.constants().find(({constant}) => constant?.shape.length === 2)?.constant?.dtype).to.equal(
      'uint8',
    )
    // weights from -1 to 3 in 255 steps, inputs off by 1/255
    expect(maxAbs)
      .to.be.above(0)
      .and.below(32 * (2 / 255 + 3 / 255))
    expect(await kernelsOf(model)).to.deep.equal({DynamicQuantizeMatMul: 1})
  })

  it('works in the bodies of branches and loops, each with a quantizer of its own', async () => {
    const write: Write = (build) => {
      const x = build.input('x', [4, 32])
      const weight = build.floats(randomFloats(1024, 1, 0.1), [32, 32])
      const branch = (name: string) => {
        const inner = new GraphBuilder(new Graph(name, build.graph))
        inner.output(inner.op('MatMul', [x, weight]))
        return inner.graph
      }
      const branches = {then_branch: branch('t'), else_branch: branch('e')}
      const chosen = build.op('If', [build.scalar(1, 'bool')], branches)
      const body = new GraphBuilder(new Graph('body', build.graph))
      body.input('i', [], 'int64')
      const [goOn, state] = [body.input('go_on', [], 'bool'), body.input('state', [4, 32])]
      body.output(body.op('Identity', [goOn]))
      body.output(body.op('MatMul', [state, weight]))
      const rounds = build.constant({dtype: 'int64', shape: [], read: () => BigInt64Array.of(2n)})
      build.output(build.op('Loop', [rounds, undefined, chosen], {body: body.graph}, {outputs: ['y']}))
    }
    const {model, report, maxAbs} = await compareAround(write, {x: floatFeed([4, 32])}, dynamic())
    expect(report.changed).to.have.length(3)
    expect(opTypes(model).filter((type) => type === 'MatMulInteger')).to.have.length(3)
    expect(model.graph.constants().filter(({constant}) => constant?.dtype === 'int8')).to.have.length(1)
    // three products; each adds its own error, at most a tenth of `bound`, and stretches the earlier ones by 32 · 0.1
    expect(maxAbs)
      .to.be.above(0)
      .and.below(0.1 * bound(32) * 3.2 ** 2 * 3)
  })

  describe('tooSmallForIntegers', () => {
    const product =
      (rows: number | undefined, size: number): Write =>
      (build) => {
        const weight = build.floats(new Float32Array(size * size).fill(1), [size, size])
        build.output(build.op('MatMul', [build.input('x', [rows, size]), weight]))
      }
    for (const [rows, size, gains] of [
      [47, 64, true],
      [46, 64, false],
      [1, 512, true],
      [undefined, 256, true],
      [undefined, 250, false],
    ] as const) {
      it(`${gains ? 'quantizes' : 'leaves'} ${rows ?? 'unknown'} rows of ${size}x${size}`, () => {
        const sizeOf = (dim: Dim) => (typeof dim === 'number' ? dim : undefined)
        const reason = tooSmallForIntegers(onlyNode(modelOf(product(rows, size)), 'MatMul'), sizeOf)
        if (gains) expect(reason).to.equal(undefined)
        else expect(reason).to.match(/is under \d+: integers would be slower/)
      })
    }
  })

  it('has outputs of the same size as float', async () => {
    const {before, after} = await compareAround(attention, {x: floatFeed([1, 8, 32])}, dynamic())
    expect(peakOf(after)).to.be.closeTo(peakOf(before), bound(32))
  })
})
