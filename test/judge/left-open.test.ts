import {expect} from 'chai'
import {leftOpen} from '../../src/judge/left-open.js'
import type {Fidelity, OutputFidelity} from '../../src/results.js'

const LABELS: OutputFidelity = {
  ...{name: 'logits', kind: 'labels', because: 'its name', measure: 'same labels', value: 1, floor: 0.98},
  ...{reason: null, details: {decisions: 300}, maxAbs: 0.1, cosine: 0.99, sqnrDb: 22},
}
const SILENT: OutputFidelity = {...LABELS, value: null, reason: 'it was empty', details: {}}

function open(outputs: OutputFidelity[], inputs: Fidelity['inputs'], samples = 300) {
  const figures = {maxAbs: 0, cosine: 1, sqnrDb: 20, agreement: null, worst: null}
  return leftOpen(outputs, {...figures, inputs, against: 'input', samples, outputs})
}

describe('leftOpen', () => {
  it('is silent about what was judged for sure', () => {
    expect(open([LABELS], 'data')).to.equal(undefined)
    expect(open([], 'data')).to.equal(undefined)
  })

  it('is silent about equal numbers and outputs that nobody knows', () => {
    expect(open([{...SILENT, maxAbs: 0}], 'data')).to.equal(undefined)
    expect(open([{...SILENT, kind: null}], 'data')).to.equal(undefined)
  })

  it('names three outputs at most, with the hint of the first', () => {
    const outputs = ['a', 'b', 'c', 'd'].map((name) => ({...SILENT, name}))
    const {code, message, hint} = open(outputs, 'data') ?? {}
    expect(code).to.equal('NOT_JUDGED')
    expect(message).to.equal(['a', 'b', 'c'].map((name) => `output '${name}' was not judged: it was empty`).join('; '))
    expect(hint).to.match(/--output-kind/)
  })

  it('counts samples for scores and at most ten pixels of a picture for masks', () => {
    // one standard error of 0.99 is 0.01 at 99 decisions and more below
    const scores = {...LABELS, kind: 'scores' as const, measure: 'F1', value: 0.99, details: {}}
    expect(open([scores], 'data', 98)?.message).to.match(/on 98 decisions, too few to be sure of 98\.0 %/)
    expect(open([scores], 'data', 1000)).to.equal(undefined)
    const mask = {...scores, kind: 'mask' as const, details: {positives: 1e6}}
    expect(open([mask], 'data', 9)?.message).to.match(/on 90 decisions/)
    expect(open([mask], 'data', 90)).to.equal(undefined)
  })

  it('asks for data where made-up inputs and noise may have changed decisions, of detections from 60 dB on', () => {
    expect(open([{...SILENT, sqnrDb: 39}], 'synthetic')?.hint).to.equal('give samples with --data')
    expect(open([{...SILENT, sqnrDb: 41}], 'synthetic')).to.equal(undefined)
    expect(open([{...SILENT, kind: 'detections', sqnrDb: 59}], 'synthetic')?.message).to.match(/noise of 59\.0 dB/)
    expect(open([{...SILENT, kind: 'detections', sqnrDb: 61}], 'synthetic')).to.equal(undefined)
  })
})
