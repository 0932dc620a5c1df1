import {expect} from 'chai'
import {fidelity, OUTPUT_KINDS, outputFidelity} from '../../src/results/fidelity.js'

const OUTPUT = {
  ...{name: 'y', kind: 'labels', because: 'its name', measure: 'same labels', value: 0.99, floor: 0.98},
  ...{reason: null, details: {kl: 0.1}, maxAbs: 0.1, cosine: 1, sqnrDb: 40},
}

describe('outputFidelity', () => {
  it('takes an output of every kind, and one that nobody knows', () => {
    for (const kind of [...OUTPUT_KINDS, null]) {
      expect(outputFidelity.safeParse({...OUTPUT, kind}).success, String(kind)).to.equal(true)
    }
    expect(outputFidelity.safeParse({...OUTPUT, kind: 'picture'}).success).to.equal(false)
  })

  it('takes null, not NaN, for what is not known', () => {
    expect(outputFidelity.safeParse({...OUTPUT, value: null, sqnrDb: null}).success).to.equal(true)
    expect(outputFidelity.safeParse({...OUTPUT, value: Number.NaN}).success).to.equal(false)
    expect(outputFidelity.safeParse({...OUTPUT, maxAbs: undefined}).success).to.equal(false)
  })
})

describe('fidelity', () => {
  it('says what outputs were held against, and on what', () => {
    const figures = {maxAbs: 0, cosine: 1, sqnrDb: null, agreement: 1, worst: 'y', samples: 3, outputs: [OUTPUT]}
    expect(fidelity.safeParse({...figures, inputs: 'data', against: 'teacher'}).success).to.equal(true)
    expect(fidelity.safeParse({...figures, inputs: 'guess', against: 'teacher'}).success).to.equal(false)
  })
})
