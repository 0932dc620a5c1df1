import {expect} from 'chai'
import {float} from '../../../../src/ir/attribute.js'
import {hardSigmoidAsAdd} from '../../../../src/passes/quantize/static/hard-sigmoid-as-add.js'
import {apply, floatFeed, kernelsOf, maxDifference, randomFloats, type Write} from '../../../support/pass-trial.js'
import {runGraph} from '../../../support/run-graph.js'
import {tryStatic} from '../../../support/static-trial.js'

/** Conv, HardSwish written as x · HardSigmoid(x), Conv; values well beyond both bends. */
const hardSwish =
  (alpha: number, beta: number, peak = 1): Write =>
  (build) => {
    const first = build.floats(randomFloats(16 * 8, 1, peak), [16, 8, 1, 1])
    const x = build.op('Conv', [build.input('x', [1, 8, 6, 6]), first])
    const gate = build.op('HardSigmoid', [x], {alpha: float(alpha), beta: float(beta)})
    build.output(build.op('Conv', [build.op('Mul', [x, gate]), build.floats(randomFloats(16 * 4, 2), [4, 16, 1, 1])]))
  }

const feeds = {x: floatFeed([1, 8, 6, 6])}

describe('hardSigmoidAsAdd', () => {
  for (const [alpha, beta, peak] of [
    [1 / 6, 0.5, 4],
    [0.2, 0.5, 0.05],
    [0.5, 0, 1],
    [0.25, -0.25, 2],
  ] as const) {
    it(`turns slope ${alpha.toFixed(2)}, offset ${beta} into integer kernels that stay within a step of the float gate`, async () => {
      const trial = await tryStatic(hardSwish(alpha, beta, peak), feeds)
      const report = await apply(hardSigmoidAsAdd, trial.model)
      const after = await runGraph(trial.model, feeds, 'all')
      const kernels = await kernelsOf(trial.model)

      expect(report.changed).to.have.length(1)
      expect(kernels).to.include({QLinearAdd: 1, QLinearMul: 1, QLinearConv: 2})
      expect(kernels).to.not.have.property('HardSigmoid')
      // one more rounding of the gate, of 1/255, on each of 16 products of values within the calibrated peak
      const range = [...trial.ranges.values()].reduce((most, {min, max}) => Math.max(most, -min, max), 0)
      expect(maxDifference(trial.after, after)).to.be.below(16 * range * (1 / 255 + 0.02) + 1e-4)
    })
  }

  it('leaves a HardSigmoid that floats read', async () => {
    const trial = await tryStatic((build) => {
      const weight = build.floats(randomFloats(64), [8, 8, 1, 1])
      build.output(build.op('HardSigmoid', [build.op('Conv', [build.input('x', [1, 8, 6, 6]), weight])]))
    }, feeds)
    expect((await apply(hardSigmoidAsAdd, trial.model)).changed).to.be.empty
  })
})
