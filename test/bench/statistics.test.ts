import {expect} from 'chai'
import {isDecided, meanInterval, percentile, ratioInterval, summarize, verdictOf} from '../../src/bench/statistics.js'
import {normals} from './fake-contender.js'

describe('summarize', () => {
  it('agrees with numpy', () => {
    // a = np.array([2.1,1.9,2.0,5.5,2.2,2.05,1.95,2.3,2.4,2.15,2.0]); np.percentile(a, [50,90,95,99]), a.mean(), a.std(ddof=1)
    const summary = summarize([2.1, 1.9, 2.0, 5.5, 2.2, 2.05, 1.95, 2.3, 2.4, 2.15, 2.0])
    expect(summary.p50).to.be.closeTo(2.1, 1e-12)
    expect(summary.p90).to.be.closeTo(2.4, 1e-12)
    expect(summary.p95).to.be.closeTo(3.95, 1e-12)
    expect(summary.p99).to.be.closeTo(5.19, 1e-12)
    expect(summary.mean).to.be.closeTo(2.4136363636363636, 1e-12)
    expect(summary.std).to.be.closeTo(1.0346716650925811, 1e-12)
    expect([summary.min, summary.max, summary.samples]).to.deep.equal([1.9, 5.5, 11])
  })

  it('describes a single sample', () => {
    expect(summarize([3])).to.include({mean: 3, std: 0, min: 3, p50: 3, p99: 3, max: 3, samples: 1})
  })

  it('leaves its input as it was', () => {
    const values = Float64Array.of(3, 1, 2)
    expect(percentile(values, 0.5)).to.equal(2)
    expect([...values]).to.deep.equal([3, 1, 2])
  })
})

describe('isDecided', () => {
  it('is when the interval lies beyond the smallest effect or within it, not where it holds an end of it', () => {
    const cases = [
      [{low: 0.9, high: 0.97}, true],
      [{low: 1.03, high: 1.2}, true],
      [{low: 0.99, high: 1.01}, true],
      [{low: 0.97, high: 1.01}, false],
      [{low: 1.01, high: 1.2}, false],
    ] as const
    for (const [interval, decided] of cases) expect(isDecided({point: 1, ...interval}, 0.02)).to.equal(decided)
  })
})

describe('ratioInterval', () => {
  it('agrees with numpy over eight pairs', () => {
    // r = np.log([1.02,0.98,1.05,1.01,0.99,1.03,1.00,1.04]); m = r.mean(); h = 2.364624251592785*r.std(ddof=1)/np.sqrt(8)
    // np.exp(m), np.exp(m-h), np.exp(m+h)
    const {point, low, high} = ratioInterval([1.02, 0.98, 1.05, 1.01, 0.99, 1.03, 1.0, 1.04].map(Math.log))
    expect(point).to.be.closeTo(1.0147412961013507, 1e-9)
    expect(low).to.be.closeTo(0.9944664313560764, 1e-6)
    expect(high).to.be.closeTo(1.0354295183290676, 1e-6)
  })

  it('knows nothing from one pair', () => {
    expect(ratioInterval([0])).to.deep.equal({point: 1, low: 0, high: Number.POSITIVE_INFINITY})
  })
})

describe('meanInterval', () => {
  it('covers the truth in 93 to 97 of 100 seeded experiments, at 3 pairs and at 8', () => {
    for (const pairs of [3, 8]) {
      const normal = normals(pairs)
      const experiments = Array.from({length: 4000}, () =>
        meanInterval(Array.from({length: pairs}, () => 0.7 + 0.03 * normal())),
      )
      const covered = experiments.filter(({low, high}) => low <= 0.7 && 0.7 <= high).length / experiments.length
      expect(covered, `${pairs} pairs`).to.be.within(0.93, 0.97)
    }
  })
})

describe('verdictOf', () => {
  it('claims a difference beyond the smallest effect, and none where none of 10 % can hide: by the whole interval', () => {
    const cases = [
      [{low: 0.9, high: 0.97}, 'faster'],
      [{low: 0.95, high: 0.99}, 'no difference'],
      [{low: 0.92, high: 1.09}, 'no difference'],
      [{low: 0.9, high: 1.1}, 'undecided'],
      [{low: 1.01, high: 1.2}, 'undecided'],
      [{low: 1.03, high: 1.2}, 'slower'],
      [{low: 0, high: Number.POSITIVE_INFINITY}, 'undecided'],
    ] as const
    for (const [interval, verdict] of cases) {
      expect(verdictOf({point: (interval.low + interval.high) / 2, ...interval}, 0.02)).to.equal(verdict)
    }
  })
})
