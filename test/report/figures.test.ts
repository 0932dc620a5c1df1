import {expect} from 'chai'
import {bytesText, percentText, signed, threeDigits} from '../../src/report/figures.js'

describe('threeDigits', () => {
  it('keeps three digits that count, groups thousands and never writes an exponent', () => {
    const figures = [0, 0.0000123, 0.0123, 0.9996, 1.7249, 99.96, 147.3, 999.6, 28_912, 1e9]
    expect(figures.map(threeDigits)).to.deep.equal([
      '0',
      '0.0000123',
      '0.0123',
      '1.00',
      '1.72',
      '100',
      '147',
      '1,000',
      '28,900',
      '1,000,000,000',
    ])
  })
})

describe('bytesText', () => {
  it('counts in decimal units, as --max-size does', () => {
    expect([0, 999, 1000, 439_283, 999_600, 1_706_386, 3.2e9].map(bytesText)).to.deep.equal([
      '0 B',
      '999 B',
      '1.00 kB',
      '439 kB',
      '1.00 MB',
      '1.71 MB',
      '3.20 GB',
    ])
  })
})

describe('percentText', () => {
  it('shows a digit more under ten percent', () => {
    expect([0, 0.041, 0.257, 1, 1.04].map(percentText)).to.deep.equal(['0 %', '4.1 %', '26 %', '100 %', '104 %'])
  })

  it('writes nothing as 0 or 100 % that is not', () => {
    expect([0.9999, 1.0002, 0.0003].map(percentText)).to.deep.equal(['99.99 %', '100.02 %', '0.03 %'])
  })
})

describe('signed', () => {
  it('has no sign for nothing', () => {
    expect([0.05, -1.2, -0.001, 0].map((value) => signed(value))).to.deep.equal(['+0.05', '-1.20', '0.00', '0.00'])
  })
})
