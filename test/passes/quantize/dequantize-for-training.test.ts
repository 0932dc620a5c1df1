import {expect} from 'chai'
import {copyGraph} from '../../../src/ir/copy-graph.js'
import {inferModel} from '../../../src/ops/infer-graph.js'
import {dequantizeForTraining} from '../../../src/passes/quantize/dequantize-for-training.js'
import {selectParameters} from '../../../src/train/parameters.js'
import {apply, maxDifference, modelOf, opTypes, specsFor} from '../../support/pass-trial.js'
import {QUANTIZED_FORMS} from '../../support/quantized-forms.js'
import {runGraph} from '../../support/run-graph.js'

describe('dequantizeForTraining', () => {
  for (const {what, feeds, integers, tolerance, make} of QUANTIZED_FORMS) {
    it(`puts floats of the same name in the place of integers: ${what}`, async () => {
      const quantized = await make()
      const model = {...quantized, graph: copyGraph(quantized.graph)}
      const report = await apply(dequantizeForTraining, model)
      inferModel(model)

      expect(report.changed.map(({rule}) => rule)).to.deep.equal(integers.map(() => 'train-quantized'))
      const {trainable} = selectParameters(model.graph, specsFor(model))
      const names = trainable.map(({value}) => value.name)
      expect(names).to.include.members([...integers])
      expect(maxDifference(await runGraph(quantized, feeds), await runGraph(model, feeds))).to.be.below(tolerance)
    })
  }

  it('leaves a float model as it is, down to what nobody uses', async () => {
    const model = modelOf((build) => {
      build.op('Relu', [build.input('x', [2])])
      build.output(build.op('Neg', [build.input('z', [2])]))
    })
    expect((await apply(dequantizeForTraining, model)).changed).to.deep.equal([])
    expect(opTypes(model)).to.deep.equal(['Relu', 'Neg'])
  })
})
