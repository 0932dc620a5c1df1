import {expect} from 'chai'
import {verdictOn} from '../../src/judge/verdict.js'
import type {Fidelity, OutputFidelity} from '../../src/results.js'

const output = (changes: Partial<OutputFidelity>): OutputFidelity => ({
  ...{name: 'y', kind: 'labels', because: '', measure: 'same labels', value: 1, floor: 0.98, reason: null, details: {}},
  ...{maxAbs: 0.1, cosine: 1, sqnrDb: 40, ...changes},
})
const verdict = (...outputs: OutputFidelity[]) =>
  verdictOn({inputs: 'data', against: 'input', samples: 10, outputs} as unknown as Fidelity)

describe('verdictOn', () => {
  it('is that of the output which loses most of what its own kind may lose', () => {
    const boxes = output({name: 'boxes', kind: 'boxes', value: 0.93, floor: 0.9})
    const scores = output({name: 'scores', value: 0.985})
    const {passed, loss, output: worst} = verdict(boxes, scores)
    expect({passed, worst: worst?.name}).to.deep.equal({passed: true, worst: 'scores'})
    expect(loss).to.be.closeTo(0.75, 1e-9)
    expect(verdict(boxes, output({value: 0.97}))).to.include({passed: false})
  })

  it('goes by the noise where nothing is known of an output, and lets equal ones pass', () => {
    const unknown = output({kind: null, value: null, floor: null, sqnrDb: 10})
    expect(verdict(unknown).loss).to.be.closeTo(5, 1e-9)
    expect(verdict(output({maxAbs: 0, value: null})).loss).to.equal(0)
    expect(verdict()).to.deep.equal({passed: true, loss: 0, output: null})
  })

  it('does not go by a few decisions where a map of scores is mostly noise', () => {
    const map = (changes: Partial<OutputFidelity>) => output({kind: 'scores', value: 0.99, sqnrDb: 3, ...changes})
    const drowned = verdict(map({}))
    expect(drowned.passed).to.equal(false)
    expect(drowned.loss).to.be.above(1)
    expect(verdict(map({value: 1})).passed, 'ten decisions cannot show 2 %').to.equal(false)
    expect(verdict(map({sqnrDb: 12})).passed).to.equal(true)
    expect(verdict(map({kind: 'labels', details: {decisions: 10}})).passed).to.equal(true)
    expect(verdict(map({value: 0.995, details: {positives: 90_000}})).passed, '100 decisions can').to.equal(true)
  })

  it('lets one decision of a few turn: of samples, or of what was found', () => {
    const fidelity = {
      inputs: 'data',
      against: 'input',
      samples: 12,
      outputs: [output({value: 11 / 12})],
    } as unknown as Fidelity
    expect(verdictOn(fidelity, false).passed).to.equal(false)
    expect(verdictOn(fidelity, true).passed).to.equal(true)
    const two = {...fidelity, outputs: [output({value: 10 / 12})]}
    expect(verdictOn(two, true).passed).to.equal(false)
    const found = {...fidelity, outputs: [output({value: 11 / 12, details: {positives: 200}})]}
    expect(verdictOn(found, true).passed).to.equal(false)
  })

  it('is bad where only one of two models computes numbers', () => {
    expect(verdict(output({maxAbs: null, cosine: null, value: null})).passed).to.equal(false)
  })
})
