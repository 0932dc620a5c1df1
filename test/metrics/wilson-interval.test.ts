import {expect} from 'chai'
import {proportion} from '../../src/metrics/wilson-interval.js'

describe('proportion', () => {
  // roots of (p − k/n)² = z²·p(1 − p)/n, found by numpy.roots
  const known: [hits: number, total: number, low: number, high: number][] = [
    [8853, 10000, 0.8789058796800856, 0.8913982111754708],
    [3, 4, 0.300641842582402, 0.9544127391902992],
    [0, 10, 0, 0.2775327998628892],
    [10, 10, 0.7224672001371111, 1],
  ]
  for (const [hits, total, low, high] of known) {
    it(`bounds ${hits} of ${total}`, () => {
      const result = proportion(hits, total)
      expect(result.value).to.equal(hits / total)
      expect(result.low).to.be.closeTo(low, 1e-9)
      expect(result.high).to.be.closeTo(high, 1e-9)
    })
  }
})
