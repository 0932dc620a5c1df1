import {expect} from 'chai'
import {fidelityOf} from '../../src/judge/fidelity-of.js'
import type {ObservedKind} from '../../src/judge/observe-outputs-task.js'
import type {ComparedOutput, OutputsComparison} from '../../src/runtime/compare/compare-task.js'

const output = (name: string, more: Partial<ComparedOutput> = {}): ComparedOutput => ({
  ...{name, maxAbs: 0.1, cosine: 0.99, sqnrDb: 30, leftOut: 0, nonFinite: 0, outside: 0},
  ...more,
})
const seen = (name: string, value: number | null, more: Partial<ObservedKind> = {}): ObservedKind => ({
  ...{name, kind: 'labels', because: 'a test', isFlat: undefined},
  kept: {measure: 'same labels', value, details: {decisions: 100}},
  ...more,
})
const comparison = (outputs: ComparedOutput[], more: Partial<OutputsComparison> = {}): OutputsComparison => ({
  ...{inputs: 'data', outputs, notCompared: [], samples: 8, plan: undefined, observed: undefined, peakRssBytes: 0},
  ...more,
})

describe('fidelityOf', () => {
  it('gives the figures of the output that lost most', () => {
    const outputs = [output('a', {maxAbs: 1}), output('b', {maxAbs: 2, sqnrDb: 50}), output('c', {maxAbs: 3})]
    const fidelity = fidelityOf(comparison(outputs), [seen('a', 1), seen('b', 0.9), seen('c', 0.95)], 'input')
    expect(fidelity).to.include({worst: 'b', maxAbs: 2, sqnrDb: 50, agreement: 0.9, samples: 8, against: 'input'})
    expect(fidelity.outputs.map(({name, value}) => [name, value])).to.deep.equal([
      ['a', 1],
      ['b', 0.9],
      ['c', 0.95],
    ])
  })

  it('takes the noisier one of two that kept as much, numbers that cannot be compared for the worst', () => {
    const outputs = [output('quiet', {sqnrDb: 60}), output('noisy', {sqnrDb: 10})]
    expect(fidelityOf(comparison(outputs), [seen('quiet', 1), seen('noisy', 1)], 'input').worst).to.equal('noisy')
    const unknown = [output('noisy'), output('unknown', {maxAbs: null, sqnrDb: null})]
    expect(fidelityOf(comparison(unknown), [seen('noisy', 1), seen('unknown', 1)], 'input').worst).to.equal('unknown')
  })

  it('does not take decisions on made-up inputs for kept, numbers it does', () => {
    const numbers = seen('n', 0.97, {kind: 'regression', kept: {measure: 'R²', value: 0.97, details: {}}})
    const made = fidelityOf(
      comparison([output('a'), output('n')], {inputs: 'synthetic'}),
      [seen('a', 0.5), numbers],
      'input',
    )
    expect(made.agreement).to.equal(null)
    expect(made.outputs[0]).to.include({value: null, reasonCode: 'MADE_UP_INPUTS'})
    expect(made.outputs[1]).to.include({value: 0.97, reason: null})
  })

  it('says of made-up inputs that leave an output flat that they do, of data not', () => {
    const flat = seen('a', 0.5, {isFlat: 'always 0'})
    const made = fidelityOf(comparison([output('a')], {inputs: 'synthetic'}), [flat], 'input')
    expect(made.outputs[0]).to.include({reason: 'made-up inputs leave it always 0', reasonCode: 'FLAT_OUTPUT'})
    expect(fidelityOf(comparison([output('a')]), [flat], 'input').outputs[0]).to.include({value: 0.5, reason: null})
  })

  it('takes equal numbers for all kept where a measure could not tell, unless samples were left out', () => {
    const equal = {maxAbs: 0}
    expect(fidelityOf(comparison([output('a', equal)]), [seen('a', null)], 'input').agreement).to.equal(1)
    expect(
      fidelityOf(comparison([output('a', {...equal, leftOut: 3})]), [seen('a', null)], 'input').agreement,
    ).to.equal(null)
  })

  it('takes nothing for kept where the shape differs, but of lists of integers what is equal', () => {
    const other = output('a', {shapes: {expected: [1, 3], got: [1, 2]}})
    expect(fidelityOf(comparison([other]), [seen('a', 0.9)], 'input').outputs[0]).to.include({
      value: 0,
      reason: 'its shape differs',
    })
    expect(fidelityOf(comparison([other]), [seen('a', 0.9, {kind: 'integers'})], 'input').agreement).to.equal(0.9)
  })

  it('lists what was not compared with the reason, and is empty when nothing was', () => {
    const {outputs} = fidelityOf(comparison([output('a', {leftOut: 2})], {notCompared: ['s']}), [], 'teacher')
    expect(outputs[0]).to.deep.include({
      kind: null,
      reason: 'its 2 samples fill no whole batch, and nothing says which of its axes counts samples',
    })
    expect(outputs[1]).to.deep.include({name: 's', maxAbs: null})
    expect(fidelityOf(comparison([]), [], 'input')).to.include({worst: null, agreement: null, maxAbs: null})
  })
})
