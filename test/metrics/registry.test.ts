import {expect} from 'chai'
import {METRICS} from '../../src/metrics/registry.js'

describe('METRICS', () => {
  for (const [name, metric] of Object.entries(METRICS)) {
    it(`${name} has its own name`, () => {
      expect(metric.name).to.equal(name)
    })
  }

  it('says of each which way is better, and whether it is a share', () => {
    const lower = Object.values(METRICS).filter(({direction}) => direction === 'lower')
    expect(lower.map(({name}) => name)).to.have.members(['rmse', 'mae', 'cross-entropy', 'perplexity'])
    const unbounded = Object.values(METRICS).filter(({bounded}) => !bounded)
    expect(unbounded).to.have.members(lower)
  })
})
