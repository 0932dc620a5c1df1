import {expect} from 'chai'
import {describeDifference, differs, hasOtherShapes} from '../../../src/pipelines/transform/describe-difference.js'
import type {ComparedOutput, OutputsComparison} from '../../../src/runtime/compare/compare-task.js'

const output = (more: Partial<ComparedOutput>): ComparedOutput => ({
  ...{name: 'y', maxAbs: 0.123456, cosine: 1, sqnrDb: 40, nonFinite: 0, outside: 0, leftOut: 0},
  ...more,
})
const of = (...outputs: ComparedOutput[]) => ({outputs}) as unknown as OutputsComparison
const RESHAPED = output({name: 's', shapes: {expected: [1, 3], got: [1, 2]}})

describe('describeDifference', () => {
  it('names the output with most elements that differ', () => {
    expect(describeDifference(of(output({outside: 1}), output({name: 'z', outside: 3})))).to.equal(
      "output 'z' differs by up to 0.123 in 3 elements",
    )
  })

  it('names another shape before anything else, and numbers on one side only', () => {
    expect(describeDifference(of(output({outside: 9}), RESHAPED))).to.equal(
      "output 's' has shape [1,2] where the input model has [1,3]",
    )
    expect(describeDifference(of(output({maxAbs: null, outside: 2})))).to.match(
      /^output 'y' is not finite .* in 2 elements$/,
    )
    expect(describeDifference(of())).to.equal('the outputs differ')
  })

  it('does not change the order of the outputs', () => {
    const compared = of(output({outside: 1}), output({name: 'z', outside: 3}))
    describeDifference(compared)
    expect(compared.outputs.map(({name}) => name)).to.deep.equal(['y', 'z'])
  })
})

describe('differs and hasOtherShapes', () => {
  it('go by the tolerance and by shapes', () => {
    expect([differs(of(output({}))), hasOtherShapes(of(output({})))]).to.deep.equal([false, false])
    expect([differs(of(output({outside: 1}))), hasOtherShapes(of(output({outside: 1})))]).to.deep.equal([true, false])
    expect([differs(of(RESHAPED)), hasOtherShapes(of(RESHAPED))]).to.deep.equal([true, true])
    expect(differs(of())).to.equal(false)
  })
})
