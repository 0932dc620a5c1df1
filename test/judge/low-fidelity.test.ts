import {expect} from 'chai'
import {isLow, lowFidelity} from '../../src/judge/low-fidelity.js'
import type {Fidelity, OutputFidelity} from '../../src/results.js'

const LABELS: OutputFidelity = {
  ...{name: 'logits', kind: 'labels', because: 'its name', measure: 'same labels', value: 0.98, floor: 0.98},
  ...{reason: null, details: {decisions: 300}, maxAbs: 0.1, cosine: 0.99, sqnrDb: 22},
}

function warnings(output: OutputFidelity, inputs: Fidelity['inputs']) {
  const fidelity = {
    ...{maxAbs: 0, cosine: 1, sqnrDb: 20, agreement: null, inputs, against: 'input', worst: null, samples: 300},
    outputs: [output],
  } satisfies Fidelity
  return lowFidelity(fidelity, 'try something').map(({message}) => message)
}

describe('lowFidelity', () => {
  it('warns below the floor, and says above it where the decisions are too few to be sure', () => {
    expect(isLow(LABELS, 'data')).to.equal(false)
    expect(warnings(LABELS, 'data')[0]).to.match(/98\.0 % by same labels on 300 decisions, too few to be sure of 98/)
    expect(warnings({...LABELS, value: 0.97}, 'data')[0]).to.match(/97\.0 % by same labels, less than 98/)
    expect(isLow({...LABELS, details: {decisions: 1e6}, value: 0.981}, 'data')).to.equal(false)
    expect(isLow({...LABELS, value: 1}, 'data')).to.equal(false)
  })

  it('goes by noise where the inputs are made up: one of thousands of words changes sooner than one of ten classes', () => {
    const unjudged = {...LABELS, value: null, reason: 'the inputs were made up', details: {}, sqnrDb: 26}
    expect(isLow(unjudged, 'synthetic')).to.equal(false)
    expect(isLow({...unjudged, kind: 'tokens'}, 'synthetic')).to.equal(true)
    expect(isLow({...unjudged, kind: 'tokens', sqnrDb: 42}, 'synthetic')).to.equal(false)
  })

  it('says what was not judged: decisions that noise may have changed, numbers of unknown meaning', () => {
    const unjudged = {...LABELS, value: null, reason: 'the inputs were made up', details: {}, sqnrDb: 26}
    expect(warnings(unjudged, 'synthetic')[0]).to.match(/'logits' \(labels\) was not judged: .* 26\.0 dB may change/)
    expect(warnings({...unjudged, sqnrDb: 45}, 'synthetic')).to.deep.equal([])
    const guessed = {...LABELS, kind: 'regression' as const, measure: 'R²', value: 0.98, floor: 0.9, details: {}}
    expect(warnings(guessed, 'data')[0]).to.match(/judged as plain numbers \(98\.0 % R²\), since nothing says what/)
    expect(warnings({...guessed, floor: 0.98, value: 0.99}, 'data')).to.deep.equal([])
  })

  it('says when scores are too seldom a yes to be judged, and when vectors have other neighbours', () => {
    const seldom = {...LABELS, kind: 'scores' as const, measure: 'R²', value: 0.99, floor: 0.9, details: {positives: 2}}
    expect(warnings(seldom, 'data')[0]).to.match(/says yes to 2 of the samples: too few/)
    const vectors = {...LABELS, kind: 'embedding' as const, value: 0.999, floor: 0.99, details: {neighbours: 0.9}}
    expect(isLow(vectors, 'data')).to.equal(true)
    expect(warnings(vectors, 'data')[0]).to.match(/keeps 90\.0 % of its nearest neighbours, less than 98/)
    expect(isLow({...vectors, details: {neighbours: 0.99}}, 'data')).to.equal(false)
  })
})
