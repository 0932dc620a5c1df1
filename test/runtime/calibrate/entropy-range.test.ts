import {expect} from 'chai'
import {entropyRange} from '../../../src/runtime/calibrate/entropy-range.js'
import {bellValues, histogramOf} from '../../support/raw-values.js'

const LEVELS = 128

describe('entropyRange', () => {
  it('finds, for values after a Relu, a threshold that no other beats', () => {
    for (const of of [(x: number) => Math.max(0, x), (x: number) => Math.max(0, Math.tan(x / 1.5) + 0.3)]) {
      const values = bellValues(10_000, of)
      const data = histogramOf(values)
      const counts = countsAbove(values, data.binWidth)
      const costs: number[] = []
      for (let high = counts.length; high >= LEVELS; high -= 37) costs.push(divergence(counts, 0, high))
      const {min, max} = entropyRange(data)
      expect(min).to.equal(0)
      const found = divergence(counts, 0, Math.ceil(max / data.binWidth))
      expect(found).to.be.at.most(Math.min(...costs) + 1e-4)
    }
  })

  it('finds, for values of both signs, a pair of thresholds that no pair of a grid beats', () => {
    const values = bellValues(8000, (x) => (x > 0 ? Math.tan(x / 1.4) : x))
    const data = histogramOf(values)
    const zero = -data.first
    const {min, max} = entropyRange(data)
    const edges = [Math.floor(min / data.binWidth) + zero, Math.ceil(max / data.binWidth) + zero] as const
    const found = divergence(data.counts, ...edges)
    for (let low = 0; low <= zero; low += 211) {
      for (let high = zero + LEVELS; high <= data.counts.length; high += 211) {
        expect(found, `${low}..${high}`).to.be.at.most(divergence(data.counts, low, high) + 1e-9)
      }
    }
  })

  it('cuts outliers off, and nearly nothing without them', () => {
    const values = bellValues(100_000)
    const plain = entropyRange(histogramOf(values))
    expect(plain.min).to.be.within(-2, -1.6)
    expect(plain.max).to.be.within(1.6, 2)
    values[17] = 60
    values[18] = -40
    const {min, max} = entropyRange(histogramOf(values))
    expect(min).to.be.within(-2.2, -1.6)
    expect(max).to.be.within(1.6, 2.2)
  })

  it('cuts a far outlier off though there is nothing before it', () => {
    const values = bellValues(20_000, Math.abs)
    values[7] = 90
    expect(entropyRange(histogramOf(values)).max).to.be.below(10)
  })

  it('cuts next to nothing where there are too few values to tell', () => {
    const values = bellValues(300)
    const {min, max} = entropyRange(histogramOf(values))
    expect(values.filter((value) => value < min || value > max).length).to.be.at.most(3)
  })

  it('leaves exact zeros after a Relu out of the judgement', () => {
    const positive = bellValues(20_000, Math.abs)
    const withZeros = new Float32Array(200_000)
    withZeros.set(positive)
    expect(entropyRange(histogramOf(withZeros)).max).to.equal(entropyRange(histogramOf(positive)).max)
  })

  it('gives constant tensors their only value', () => {
    for (const value of [3, 0, -5]) {
      expect(entropyRange(histogramOf(new Float32Array(6).fill(value)))).to.deep.equal({min: value, max: value})
    }
  })
})

/** Counts of positive values per bin, in one walk over the sorted values and the edges. */
function countsAbove(values: Float32Array, width: number): number[] {
  const counts = [0]
  for (const value of values.filter((one) => one > 0).sort()) {
    while (value > counts.length * width) counts.push(0)
    counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1
  }
  return counts
}

/** KL(P || Q), less its bias, as the documentation of entropyRange says it, with P and Q written out. */
function divergence(counts: ArrayLike<number>, low: number, high: number): number {
  const all = Array.from(counts)
  const total = sum(all)
  const inside = all.slice(low, high)
  const p = [...inside]
  p[0] = (p[0] ?? 0) + sum(all.slice(0, low))
  p[p.length - 1] = (p.at(-1) ?? 0) + sum(all.slice(high))
  const q = new Array<number>(p.length).fill(0)
  let [bins, groups] = [0, 0]
  for (let group = 0; group < LEVELS; group++) {
    const [from, to] = [group, group + 1].map((index) => Math.floor((index * p.length) / LEVELS)) as [number, number]
    const used = p.slice(from, to).filter((count) => count > 0).length
    const count = sum(inside.slice(from, to))
    for (let bin = from; bin < to; bin++) q[bin] = (p[bin] ?? 0) > 0 ? (count || 1e-4) / used : 0
    bins += used
    groups += used > 0 ? 1 : 0
  }
  const parts = p.map((count, bin) => {
    if (count === 0) return 0
    const share = (q[bin] ?? 0) / sum(inside)
    return (count / total) * Math.log(count / total / share)
  })
  return sum(parts) - (bins - groups) / 2 / total
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0)
}
