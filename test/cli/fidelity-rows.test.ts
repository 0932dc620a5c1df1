import {expect} from 'chai'
import {fidelityRows} from '../../src/cli/fidelity-rows.js'
import type {Fidelity, OutputFidelity} from '../../src/results.js'

const LOGITS: OutputFidelity = {
  ...{name: 'logits', kind: 'labels', because: '10 classes', measure: 'same labels', value: 0.995, floor: 0.98},
  ...{reason: null, details: {kl: 0.0123456}, maxAbs: 0.0123456, cosine: 0.99987654, sqnrDb: 34.56},
}

function rows(outputs: OutputFidelity[], verbose = false, more: Partial<Fidelity> = {}) {
  const figures = {maxAbs: 0, cosine: 1, sqnrDb: 34, agreement: null, samples: 64}
  const facts = {inputs: 'data', against: 'input', worst: outputs[0]?.name ?? null} as const
  return fidelityRows({...figures, ...facts, ...more, outputs}, verbose)
}

describe('fidelityRows', () => {
  it('says what is kept and how far the numbers are off', () => {
    expect(rows([LOGITS])).to.deep.equal([
      [
        'output',
        "'logits' (labels) 99.5 % same labels, SQNR 34.6 dB, cosine 0.99988, max difference 0.0123 (on 64 samples)",
      ],
    ])
    expect(rows([LOGITS], true)[0]?.[1])
      .to.contain('(labels: 10 classes)')
      .and.to.contain('kl 0.01235')
  })

  it('has the worst first, and only six without --verbose', () => {
    const outputs = Array.from({length: 8}, (_, index) => ({...LOGITS, name: `y${index}`}))
    const shown = rows(outputs, false, {worst: 'y7'})
    expect(shown).to.have.length(7)
    expect(shown[0]?.[1]).to.match(/^'y7'/)
    expect(shown[1]?.[1]).to.match(/^'y0'/)
    expect(shown[6]).to.deep.equal(['', 'and 2 more outputs, see --verbose'])
    expect(rows(outputs, true)).to.have.length(8)
    expect(rows([])).to.deep.equal([])
  })

  it('says equal, not finite, not judged and not compared', () => {
    expect(rows([{...LOGITS, maxAbs: 0, sqnrDb: null}])[0]?.[1]).to.match(/same labels, equal \(on/)
    expect(rows([{...LOGITS, maxAbs: null, cosine: null, sqnrDb: null}])[0]?.[1]).to.contain(
      'not finite on one side only',
    )
    expect(rows([{...LOGITS, value: null, reason: 'it was empty'}])[0]?.[1]).to.contain(' not judged: it was empty,')
    const made = {...LOGITS, value: null, reason: 'the inputs were made up', reasonCode: 'MADE_UP_INPUTS'} as const
    expect(rows([made], false, {inputs: 'synthetic'})[0]?.[1]).to.match(/ not judged, .*\(synthetic input\)$/)
    expect(rows([{...LOGITS, kind: null, reason: 'nothing was compared'}])[0]?.[1]).to.equal(
      "'logits' not compared: nothing was compared",
    )
  })

  it('names what it was held against, where that is not the input', () => {
    expect(rows([LOGITS], false, {against: 'teacher'})[0]?.[1]).to.match(/\(on 64 samples, against the teacher\)$/)
  })
})
