import {expect} from 'chai'
import type {GraphBuilder} from '../../../../src/ir/build.js'
import type {Value} from '../../../../src/ir/value.js'
import type {SizeOf} from '../../../../src/passes/quantize/kernels/free-dims.js'
import {floatSilu} from '../../../../src/passes/quantize/static/float-silu.js'
import {
  apply,
  floatFeed,
  kernelsOf,
  maxDifference,
  opTypes,
  randomFloats,
  type Write,
} from '../../../support/pass-trial.js'
import {runGraph} from '../../../support/run-graph.js'
import {tryStatic} from '../../../support/static-trial.js'

const SIZE = 8
const CHANNELS = 32
const feeds = {x: floatFeed([1, 8, SIZE, SIZE])}
const pass = floatSilu({sizeOf: (dim) => (typeof dim === 'number' ? dim : undefined)})

function pointwise(build: GraphBuilder, x: Value, [to, from]: readonly [number, number], seed: number): Value {
  return build.op('Conv', [x, build.floats(randomFloats(to * from, seed, 2), [to, from, 1, 1])])
}

/** Conv, SiLU of `channels` channels, Conv; who multiplies the sigmoid is up to `factorOf`. */
const net =
  (channels: number, factorOf: (x: Value, build: GraphBuilder) => Value = (x) => x): Write =>
  (build) => {
    const x = pointwise(build, build.input('x', [1, 8, SIZE, SIZE]), [channels, 8], 1)
    const product = build.op('Mul', [build.op('Sigmoid', [x]), factorOf(x, build)])
    build.output(pointwise(build, product, [4, channels], 2))
  }

describe('floatSilu', () => {
  it('turns a quantized SiLU into one float kernel between integer convolutions, no further from the float result', async () => {
    const trial = await tryStatic(net(CHANNELS), feeds)
    const report = await apply(pass, trial.model)
    const after = await runGraph(trial.model, feeds, 'all')
    const kernels = await kernelsOf(trial.model)

    expect(report.changed).to.deep.equal([{rule: 'float-silu', node: 'Mul_0', op: 'QuickGelu'}])
    expect(kernels).to.include({QuickGelu: 1, QLinearConv: 2, DequantizeLinear: 2})
    expect(kernels).to.not.have.any.keys('Sigmoid', 'QLinearSigmoid', 'QLinearMul')
    expect(maxDifference(trial.before, after)).to.be.at.most(maxDifference(trial.before, trial.after))
  })

  for (const [title, write] of [
    ['of few elements, where one more kernel costs what it saves', net(8)],
    ['whose sigmoid weighs another value', net(CHANNELS, (x, build) => pointwise(build, x, [CHANNELS, CHANNELS], 3))],
  ] as const) {
    it(`leaves a product ${title}`, async () => {
      const {model} = await tryStatic(write, feeds)
      expect((await apply(pass, model)).changed).to.be.empty
      expect(opTypes(model)).to.include('Sigmoid')
    })
  }

  it('leaves one of very many elements, or of unknown size', async () => {
    for (const sizeOf of [() => 1000, () => undefined] satisfies SizeOf[]) {
      const {model} = await tryStatic(net(CHANNELS), feeds)
      expect((await apply(floatSilu({sizeOf}), model)).changed).to.be.empty
    }
  })
})
