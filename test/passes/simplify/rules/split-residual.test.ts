import {expect} from 'chai'
import {float} from '../../../../src/ir/attribute.js'
import type {GraphBuilder} from '../../../../src/ir/build.js'
import type {Value} from '../../../../src/ir/value.js'
import {splitResidual} from '../../../../src/passes/simplify/rules/split-residual.js'
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
import {passOf} from '../../../support/rule-trial.js'

const SIZE = [2, 8, 16]

function decomposed(build: GraphBuilder, x: Value): Value {
  const difference = build.op('Sub', [x, build.op('ReduceMean', [x], {axes: [-1]})])
  const variance = build.op('ReduceMean', [build.op('Pow', [difference, build.scalar(2)])], {axes: [-1]})
  const normal = build.op('Div', [difference, build.op('Sqrt', [build.op('Add', [variance, build.scalar(1e-5)])])])
  return build.op('Add', [build.op('Mul', [normal, build.floats(randomFloats(16))]), build.floats(randomFloats(16, 2))])
}

const asNode = (build: GraphBuilder, x: Value) =>
  build.op('LayerNormalization', [x, build.floats(randomFloats(16)), build.floats(randomFloats(16, 2))], {
    epsilon: float(1e-5),
  })

/** A residual Add in front of a normalization, and a product behind it. */
const block =
  (normalize: typeof decomposed): Write =>
  (build) => {
    const x = build.input('x', SIZE)
    const branch = build.op('Tanh', [x])
    const normal = normalize(build, build.op('Add', [x, branch]))
    build.output(build.op('MatMul', [normal, build.floats(randomFloats(256), [16, 16])], {}, {outputs: ['y']}))
  }

describe('splitResidual', () => {
  for (const [what, normalize] of [
    ['LayerNormalization', asNode],
    ['a decomposed one', decomposed],
  ] as const) {
    it(`keeps ONNX Runtime from joining an Add with ${what}`, async () => {
      expect(await kernelsOf(modelOf(block(normalize)))).to.include({SkipLayerNormalization: 1})
      const {model, report, maxAbs} = await compareAround(block(normalize), {x: floatFeed(SIZE)}, (own) =>
        passOf(splitResidual, own),
      )
      expect(report.changed).to.have.length(1)
      expect(maxAbs).to.equal(0)
      expect(await kernelsOf(model))
        .to.include({Sum: 1, LayerNormalization: 1})
        .and.not.have.any.keys('SkipLayerNormalization')
    })
  }

  it('leaves other Adds: of constants, and those that nothing normalizes', async () => {
    const model = modelOf((build) => {
      const x = build.input('x', SIZE)
      build.output(asNode(build, build.op('Add', [x, build.floats(randomFloats(16))])))
      build.output(build.op('Tanh', [build.op('Add', [x, x])]))
    })
    expect((await apply(passOf(splitResidual, model), model)).changed).to.be.empty
    expect(opTypes(model)).not.to.include('Sum')
  })

  it('waits for the opset in which Sum broadcasts', async () => {
    const model = modelOf(block(decomposed), 7)
    expect((await apply(passOf(splitResidual, model), model)).changed).to.be.empty
  })
})
