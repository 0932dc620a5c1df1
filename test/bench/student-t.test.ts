import {expect} from 'chai'
import {tFactor} from '../../src/bench/student-t.js'

describe('tFactor', () => {
  it('agrees with scipy', () => {
    // [stats.t.ppf(.975, d) for d in (2, 7, 40, 60)]
    const expected = [4.302652729911275, 2.364624251592785, 2.021075390306273, 2.0002978220142604]
    for (const [i, degrees] of [2, 7, 40, 60].entries()) expect(tFactor(degrees)).to.be.closeTo(expected[i] ?? 0, 1e-5)
  })
})

describe('tFactor at other errors', () => {
  it('agrees with scipy', () => {
    // [stats.t.ppf(1 - e / 2, d) for d, e in ((1, .05), (2, .001), (3, .01), (7, .03), (30, .2))]
    const expected = [
      [1, 0.05, 12.706204736174694],
      [2, 0.001, 31.599054576443621],
      [3, 0.01, 5.840909309733354],
      [7, 0.03, 2.7145730112787807],
      [30, 0.2, 1.3104150253913953],
    ] as const
    for (const [degrees, error, factor] of expected) {
      expect(tFactor(degrees, error) / factor, `${degrees}, ${error}`).to.be.closeTo(1, 1e-6)
    }
  })
})
