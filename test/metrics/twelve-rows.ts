import {expect} from 'chai'
import type {Metric} from '../../src/metrics/metric.js'

/**
 * Twelve rows of four logits. What metrics should say of them comes from the definitions written out in NumPy:
 * confusion counts per class, pairwise comparison for AUC, softmax in float64.
 */
export const LOGITS = Float32Array.of(
  ...[3.53, 0.8, 1.96, 4.48, 3.74, -1.95, 1.9, -0.3, -0.21, 0.82, 0.29, 2.91, 1.52, 0.24, 0.89, 0.67],
  ...[2.99, -0.41, 0.63, -1.71, -5.11, 1.31, 1.73, -1.48, 4.54, -2.91, 0.09, -0.37, 3.07, 2.94, 0.31, 0.76],
  ...[-1.78, -3.96, -0.7, 0.31, 2.46, 2.4, -0.77, -0.6, -2.1, -2.84, -3.41, 3.9, -1.02, -0.88, -2.51, 1.55],
)
export const LABELS = Float64Array.of(3, 0, 3, 2, 3, 3, 1, 1, 1, 0, 1, 1)
export const BINARY_LOGITS = Float32Array.of(2, -1, 0.5, 0.5, 3, -2, 0.25, 0)
const BINARY_LABELS = Float64Array.of(1, 0, 1, 0, 1, 0, 0, 1)

/** Describes what a metric says of four classes and of two, in each form that two classes have. */
export function equalsNumPy(metric: Metric, ofFour: number, ofTwo: number): void {
  const value = (outputs: Float32Array, shape: number[], labels: Float64Array) =>
    metric.compute(outputs, shape, labels).value

  it("of four classes equals NumPy's", () => {
    expect(value(LOGITS, [12, 4], LABELS)).to.be.closeTo(ofFour, 1e-7)
  })

  it("of single logits equals NumPy's, as [N], as [N, 1] and as two classes", () => {
    expect(value(BINARY_LOGITS, [8], BINARY_LABELS)).to.be.closeTo(ofTwo, 1e-7)
    expect(value(BINARY_LOGITS, [8, 1], BINARY_LABELS)).to.be.closeTo(ofTwo, 1e-7)
    const pairs = Float32Array.from({length: 16}, (_, i) => (i % 2 ? (BINARY_LOGITS[(i - 1) / 2] as number) : 0))
    expect(value(pairs, [8, 2], BINARY_LABELS)).to.be.closeTo(ofTwo, 1e-7)
  })

  it('is the same for probabilities as for their logits', () => {
    const probabilities = BINARY_LOGITS.map((logit) => 1 / (1 + Math.exp(-logit)))
    expect(value(probabilities, [8], BINARY_LABELS)).to.be.closeTo(ofTwo, 1e-6)
  })
}
