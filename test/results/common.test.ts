import {expect} from 'chai'
import {budgetCheck, change, timing} from '../../src/results/common.js'

describe('timing', () => {
  const figures = {before: 1, after: 0.5, ratio: 0.5, low: 0.4, high: 0.6}

  it('comes to one of four verdicts', () => {
    for (const verdict of ['faster', 'slower', 'no difference', 'undecided']) {
      expect(timing.safeParse({...figures, verdict}).success, verdict).to.equal(true)
    }
    expect(timing.safeParse({...figures, verdict: 'fast'}).success).to.equal(false)
    expect(timing.safeParse({...figures, high: Number.POSITIVE_INFINITY, verdict: 'undecided'}).success).to.equal(false)
  })
})

describe('change', () => {
  it('needs a rule and a count, and takes the forms of quantization alone', () => {
    expect(change.safeParse({rule: 'remove-identity', count: 2}).success).to.equal(true)
    expect(change.safeParse({rule: 'static', count: 1, form: 'static'}).success).to.equal(true)
    expect(change.safeParse({rule: 'static', count: 1, form: 'int8'}).success).to.equal(false)
    expect(change.safeParse({rule: 'static'}).success).to.equal(false)
  })
})

describe('budgetCheck', () => {
  it('is of a limit that a flag can set', () => {
    const check = {limit: '1%', actual: '2%', passed: false, model: 'm', provider: 'cpu', batch: 1, threads: 1}
    expect(budgetCheck.safeParse({...check, name: 'max-drop'}).success).to.equal(true)
    expect(budgetCheck.safeParse({...check, name: 'max-fun'}).success).to.equal(false)
  })
})
