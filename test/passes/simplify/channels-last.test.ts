import {expect} from 'chai'
import type {Model} from '../../../src/ir/model.js'
import type {Pass} from '../../../src/passes/pass.js'
import type {Rule} from '../../../src/passes/simplify/rule.js'
import {PREPARATION, RULES} from '../../../src/passes/simplify/rules.js'
import {simplifyGraph} from '../../../src/passes/simplify/simplify-graph.js'
import {evaluateInProcess} from '../../support/evaluate-in-process.js'
import {DETECTORS, NHWC_SIZE} from '../../support/nhwc-vision.js'
import {compareAround, floatFeed, opTypes, peakOf} from '../../support/pass-trial.js'

/** One in front, for the image, and one for each head, whose numbers the boxes are read from in rows. */
const LEFT = 3

function allOf(model: Model, rules: readonly Rule[]): Pass {
  const options = {rules, limitBytes: 1 << 20, evaluate: evaluateInProcess}
  return {name: 'all rules', run: () => simplifyGraph(model, options)}
}

describe('simplify of detectors with channels last', () => {
  for (const [name, write] of Object.entries(DETECTORS)) {
    for (const [title, rules] of Object.entries({'by all rules': RULES, 'before quantization': PREPARATION})) {
      it(`${name}, ${title}: folds what stands behind each Conv and keeps the Transposes at the ends`, async () => {
        const feeds = {x: floatFeed([1, NHWC_SIZE, NHWC_SIZE, 3])}
        const {model, before, maxAbs} = await compareAround(write, feeds, (own) => allOf(own, rules))
        const left = opTypes(model)
        expect(left.filter((type) => type === 'Transpose')).to.have.length(LEFT)
        for (const folded of ['Pad', 'Mul']) expect(left).not.to.include(folded)
        expect(maxAbs).to.be.at.most(1e-4 * peakOf(before))
      })
    }
  }
})
