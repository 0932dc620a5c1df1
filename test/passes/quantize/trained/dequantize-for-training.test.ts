import {expect} from 'chai'
import {copyGraph} from '../../../../src/ir/copy-graph.js'
import {tensorOf} from '../../../../src/ir/tensor.js'
import {inferModel} from '../../../../src/ops/infer-graph.js'
import {dequantizeForTraining} from '../../../../src/passes/quantize/trained/dequantize-for-training.js'
import {selectParameters} from '../../../../src/train/step/parameters.js'
import {apply, floatFeed, maxDifference, modelOf, opTypes, specsFor, type Write} from '../../../support/pass-trial.js'
import {QUANTIZED_FORMS} from '../../../support/quantized-forms.js'
import {runGraph} from '../../../support/run-graph.js'

/** Integers of three columns, cast and scaled. */
const storedPerChannel: Write = (build) => {
  const q = build.constant(tensorOf('int8', [4, 3], Int8Array.of(127, -9, 3, 40, 127, -127, 5, 60, 70, -8, -99, 1)))
  const w = build.op('Mul', [build.op('Cast', [q], {to: 1}), build.floats([0.5, 0.25, 0.125])])
  build.output(build.op('MatMul', [build.input('x', ['N', 4]), w]))
}

describe('dequantizeForTraining', () => {
  for (const {what, feeds, integers, tolerance, make} of QUANTIZED_FORMS) {
    it(`puts floats of the same name in the place of integers: ${what}`, async () => {
      const quantized = await make()
      const model = {...quantized, graph: copyGraph(quantized.graph)}
      const report = await apply(dequantizeForTraining(21), model)
      inferModel(model)

      expect(report.changed.map(({rule}) => rule)).to.deep.equal(integers.map(() => 'train-quantized'))
      const {trainable} = selectParameters(model.graph, specsFor(model))
      const names = trainable.map(({value}) => value.name)
      expect(names).to.include.members([...integers])
      expect(maxDifference(await runGraph(quantized, feeds), await runGraph(model, feeds))).to.be.below(tolerance)
    })
  }

  it('writes for the opset of the file: 13 is the first that takes scales per channel', async () => {
    const quantized = modelOf(storedPerChannel, 13)
    const model = {...quantized, graph: copyGraph(quantized.graph)}
    await apply(dequantizeForTraining(13), model)
    const feeds = {x: floatFeed([3, 4])}
    expect(opTypes(model)).to.include('QuantizeLinear')
    expect(maxDifference(await runGraph(quantized, feeds), await runGraph(model, feeds))).to.be.below(1e-5)
  })

  it('leaves integers alone that it cannot put back: around a point that is not zero, or on a grid of no kind', async () => {
    const model = modelOf((build) => {
      const q = () => build.constant(tensorOf('int8', [4, 2], Int8Array.of(1, 2, 3, 4, 5, 6, 7, 8)))
      const shifted = [q(), build.floats([1, 2]), build.constant(tensorOf('int8', [2], Int8Array.of(0, 3)))]
      const a = build.op('DequantizeLinear', shifted, {axis: 1})
      const odd = build.op('Mul', [build.op('Cast', [q()], {to: 1}), build.floats(Array(8).fill(1), [4, 2])])
      build.output(build.op('Add', [a, odd]))
    })
    expect((await apply(dequantizeForTraining(17), model)).changed).to.deep.equal([])
  })

  it('leaves a float model as it is, down to what nobody uses', async () => {
    const model = modelOf((build) => {
      build.op('Relu', [build.input('x', [2])])
      build.output(build.op('Neg', [build.input('z', [2])]))
    })
    expect((await apply(dequantizeForTraining(21), model)).changed).to.deep.equal([])
    expect(opTypes(model)).to.deep.equal(['Relu', 'Neg'])
  })
})
