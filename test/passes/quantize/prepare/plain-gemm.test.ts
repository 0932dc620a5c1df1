import {expect} from 'chai'
import {float} from '../../../../src/ir/attribute.js'
import {plainGemm} from '../../../../src/passes/quantize/prepare/plain-gemm.js'
import {
  apply,
  compareAround,
  floatFeed,
  modelOf,
  onlyNode,
  randomFloats,
  type Write,
} from '../../../support/pass-trial.js'

const gemm =
  (attributes: Record<string, number | ReturnType<typeof float>>, biasShape?: readonly number[]): Write =>
  (build) => {
    const weight = build.floats(randomFloats(16 * 6), attributes.transB ? [6, 16] : [16, 6], 'w')
    const bias =
      biasShape &&
      randomFloats(
        biasShape.reduce((product, size) => product * size, 1),
        2,
      )
    const inputs = [build.input('x', attributes.transA ? [16, 4] : [4, 16]), weight]
    if (bias) inputs.push(build.floats(bias, biasShape, 'b'))
    build.output(build.op('Gemm', inputs, attributes, {outputs: ['y']}))
  }

describe('plainGemm', () => {
  for (const transB of [0, 1]) {
    it(`multiplies alpha into the weight and beta into the bias, transB ${transB}`, async () => {
      const write = gemm({alpha: float(0.5), beta: float(-2), transB}, [6])
      const {model, report, maxAbs} = await compareAround(write, {x: floatFeed([4, 16])}, () => plainGemm)
      expect(report.changed.map(({rule}) => rule)).to.deep.equal(['plain-gemm'])
      expect([...onlyNode(model, 'Gemm').attributes.keys()]).to.deep.equal(['transB'])
      expect(maxAbs).to.be.below(1e-5)
    })
  }

  for (const shape of [[], [1], [1, 1], [1, 6]]) {
    it(`spreads a bias of shape [${shape}] over the columns`, async () => {
      const {model, maxAbs} = await compareAround(gemm({}, shape), {x: floatFeed([4, 16])}, () => plainGemm)
      expect(onlyNode(model, 'Gemm').inputs[2]?.constant?.shape).to.deep.equal([6])
      expect(maxAbs).to.be.below(1e-5)
    })
  }

  it('leaves a bias per row, what is plain already, and weights that are computed', async () => {
    const writes: Write[] = [
      gemm({beta: float(2)}, [4, 1]),
      gemm({transB: 1, transA: 1}, [6]),
      (build) => {
        const x = build.input('x', [4, 4])
        build.output(build.op('Gemm', [x, x], {alpha: float(0.5)}))
      },
    ]
    for (const write of writes) {
      const model = modelOf(write)
      expect((await apply(plainGemm, model)).changed).to.be.empty
    }
  })

  it('leaves a weight that another node reads as it was for that one', async () => {
    const write: Write = (build) => {
      gemm({alpha: float(3)})(build)
      const [weight] = build.graph.constants()
      build.output(build.op('MatMul', [build.input('z', [2, 16]), weight], {}, {outputs: ['plain']}))
    }
    const feeds = {x: floatFeed([4, 16]), z: floatFeed([2, 16], 3)}
    expect((await compareAround(write, feeds, () => plainGemm)).maxAbs).to.be.below(1e-5)
  })
})
