import {expect} from 'chai'
import {DataError} from '../../src/errors.js'
import type {Metric} from '../../src/metrics/metric.js'
import {METRICS} from '../../src/metrics/registry.js'

/**
 * Twelve rows of four logits. The expected values below come from the definitions written out in NumPy:
 * confusion counts per class, pairwise comparison for AUC, softmax in float64.
 */
const LOGITS = Float32Array.of(
  ...[3.53, 0.8, 1.96, 4.48, 3.74, -1.95, 1.9, -0.3, -0.21, 0.82, 0.29, 2.91, 1.52, 0.24, 0.89, 0.67],
  ...[2.99, -0.41, 0.63, -1.71, -5.11, 1.31, 1.73, -1.48, 4.54, -2.91, 0.09, -0.37, 3.07, 2.94, 0.31, 0.76],
  ...[-1.78, -3.96, -0.7, 0.31, 2.46, 2.4, -0.77, -0.6, -2.1, -2.84, -3.41, 3.9, -1.02, -0.88, -2.51, 1.55],
)
const LABELS = Float64Array.of(3, 0, 3, 2, 3, 3, 1, 1, 1, 0, 1, 1)
const BINARY_LOGITS = Float32Array.of(2, -1, 0.5, 0.5, 3, -2, 0.25, 0)
const BINARY_LABELS = Float64Array.of(1, 0, 1, 0, 1, 0, 0, 1)

const metric = (name: string): Metric => METRICS[name] as Metric
const value = (name: string, outputs: Float32Array, shape: number[], labels: Float64Array | Float32Array) =>
  metric(name).compute(outputs, shape, labels).value

describe('classification metrics', () => {
  const multiclass: [name: string, expected: number][] = [
    ['top1', 4 / 12],
    ['cross-entropy', 2.81858053],
    ['precision', 0.18333333],
    ['recall', 0.375],
    ['f1', 0.23611111],
    ['auc', 0.60097403],
  ]
  for (const [name, expected] of multiclass) {
    it(`${name} of four classes equals NumPy's`, () => {
      expect(value(name, LOGITS, [12, 4], LABELS)).to.be.closeTo(expected, 1e-7)
    })
  }

  const binary: [name: string, expected: number][] = [
    ['top1', 5 / 8],
    ['cross-entropy', 0.447868204747114],
    ['precision', 3 / 5],
    ['recall', 3 / 4],
    ['f1', 2 / 3],
    ['auc', 0.84375],
  ]
  for (const [name, expected] of binary) {
    it(`${name} of single logits equals NumPy's, as [N], as [N, 1] and as two classes`, () => {
      expect(value(name, BINARY_LOGITS, [8], BINARY_LABELS)).to.be.closeTo(expected, 1e-7)
      expect(value(name, BINARY_LOGITS, [8, 1], BINARY_LABELS)).to.be.closeTo(expected, 1e-7)
      const pairs = Float32Array.from({length: 16}, (_, i) => (i % 2 ? (BINARY_LOGITS[(i - 1) / 2] as number) : 0))
      expect(value(name, pairs, [8, 2], BINARY_LABELS)).to.be.closeTo(expected, 1e-7)
    })

    it(`${name} is the same for probabilities as for their logits`, () => {
      const probabilities = BINARY_LOGITS.map((logit) => 1 / (1 + Math.exp(-logit)))
      expect(value(name, probabilities, [8], BINARY_LABELS)).to.be.closeTo(expected, 1e-6)
    })
  }

  it('cross-entropy is the same for softmax outputs as for their logits', () => {
    const probabilities = LOGITS.map((logit, i) => {
      const row = LOGITS.subarray(i - (i % 4), i - (i % 4) + 4)
      return Math.exp(logit) / row.reduce((sum, other) => sum + Math.exp(other), 0)
    })
    expect(value('cross-entropy', probabilities, [12, 4], LABELS)).to.be.closeTo(2.81858053, 1e-6)
  })

  it('cross-entropy stays finite for a probability of 0', () => {
    expect(value('cross-entropy', Float32Array.of(1, 0), [1, 2], Float64Array.of(1))).to.be.closeTo(15.942385, 1e-6)
  })

  it('ties take the lowest class', () => {
    const tied = Float32Array.of(1, 1, 0, 0, 2, 2)
    expect(value('top1', tied, [2, 3], Float64Array.of(0, 1))).to.equal(1)
    expect(value('top1', Float32Array.of(0.5), [1], Float64Array.of(0))).to.equal(1)
    expect(value('top1', Float32Array.of(0, 5), [2], Float64Array.of(0, 1))).to.equal(1)
  })

  it('a row with NaN is wrong, whatever its label', () => {
    for (const label of [0, 1]) {
      expect(value('top1', Float32Array.of(Number.NaN, 1), [1, 2], Float64Array.of(label))).to.equal(0)
      expect(value('top1', Float32Array.of(Number.NaN), [1], Float64Array.of(label))).to.equal(0)
    }
    const six = Float32Array.of(9, Number.NaN, 0, 0, 0, 0)
    expect(value('top5', six, [1, 6], Float64Array.of(0))).to.equal(0)
  })

  it('top5 counts the five best, ties by index', () => {
    const row = [6, 5, 4, 3, 1, 1, 0]
    const outputs = Float32Array.of(...row, ...row, ...row)
    expect(value('top5', outputs, [3, 7], Float64Array.of(0, 4, 5))).to.be.closeTo(2 / 3, 1e-12)
  })

  it('refuses labels outside the classes, and labels that are no whole numbers', () => {
    const wrong = Float64Array.from(LABELS)
    wrong[5] = 4
    expect(() => value('top1', LOGITS, [12, 4], wrong)).to.throw(
      DataError,
      'label of sample 5: expected a class in 0..3, got 4',
    )
    wrong[5] = -1
    expect(() => value('cross-entropy', LOGITS, [12, 4], wrong)).to.throw(DataError, 'got -1')
    wrong[5] = 0.5
    expect(() => value('f1', LOGITS, [12, 4], wrong)).to.throw(DataError, 'got 0.5')
  })

  it('refuses shapes and counts it has no meaning for', () => {
    expect(() => value('top1', LOGITS, [4, 4, 3], LABELS.subarray(1))).to.throw(
      DataError,
      'expected outputs of shape [N, C] or a row of classes for each of 11 labels',
    )
    expect(() => value('top5', LOGITS, [12, 4], LABELS)).to.throw(DataError, 'more than 5 classes')
    expect(() => value('top1', LOGITS, [12, 4], LABELS.subarray(1))).to.throw(
      DataError,
      'expected 12, one per sample, got 11',
    )
    expect(() => value('auc', BINARY_LOGITS, [8], new Float64Array(8))).to.throw(DataError, 'got 0 and 8')
  })

  for (const name of Object.keys(METRICS)) {
    it(`${name} has its own name`, () => {
      expect(metric(name).name).to.equal(name)
    })
  }
})
