import {expect} from 'chai'
import {keptDrop, pairedDrop} from '../../src/judge/paired-drop.js'
import type {Metric} from '../../src/metrics/metric.js'
import {METRICS} from '../../src/metrics/registry.js'
import type {Evaluation} from '../../src/runtime/evaluate/evaluate.js'

const SAMPLES = 1000

/** Class scores of two classes; every label is 0, and the answer is right but where `isWrong` says so. */
function answers(isWrong: (i: number) => boolean): Evaluation {
  const rows = Array.from({length: SAMPLES}, (_, i) => (isWrong(i) ? [0, 1] : [1, 0]))
  return {
    ...{data: Float32Array.from(rows.flat()), shape: [SAMPLES, 2], labels: new Float64Array(SAMPLES), samples: SAMPLES},
    ...{notes: [], peakRssBytes: 0},
  }
}

describe('pairedDrop', () => {
  const top1 = METRICS.top1 as Metric

  it('has the standard error of the difference: what both get wrong does not count', () => {
    // 300 wrong in both; 40 more wrong in one, 10 in the other
    const before = answers((i) => i < 300 || (i >= 300 && i < 310))
    const after = answers((i) => i < 300 || (i >= 310 && i < 350))
    const {drop, standardError, samples} = pairedDrop(top1, before, after)
    expect(drop).to.be.closeTo(0.03, 1e-12)
    expect(samples).to.equal(SAMPLES)
    // of McNemar's: √(b + c − (b − c)² / n) / n; independent samples would give 0.021
    const expected = Math.sqrt(50 - 30 ** 2 / SAMPLES) / SAMPLES
    expect(standardError).to.be.within(0.8 * expected, 1.2 * expected)
  })

  it('is nothing for equal answers, and below 0 for a gain', () => {
    const [some, fewer] = [answers((i) => i < 50), answers((i) => i < 20)]
    expect(pairedDrop(top1, some, some)).to.include({drop: 0, standardError: 0})
    expect(pairedDrop(top1, some, fewer).drop).to.be.closeTo(-0.03, 1e-12)
  })

  it('counts kept answers as a share', () => {
    expect(keptDrop(0.9, 100).drop).to.be.closeTo(0.1, 1e-12)
    expect(keptDrop(0.9, 100).standardError).to.be.closeTo(0.03, 1e-12)
  })
})
