import {expect} from 'chai'
import {percent} from '../../src/judge/percent.js'

describe('percent', () => {
  it('never reads as all where something is lost', () => {
    expect(percent(1)).to.equal('100.0 %')
    expect(percent(1 - 1e-9)).to.equal('99.9 %')
    expect(percent(0.99949)).to.equal('99.9 %')
  })

  it('has one digit after the point', () => {
    expect(percent(0)).to.equal('0.0 %')
    expect(percent(0.98)).to.equal('98.0 %')
    expect(percent(1 / 3)).to.equal('33.3 %')
  })
})
