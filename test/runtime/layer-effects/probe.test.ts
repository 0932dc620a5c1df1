import {expect} from 'chai'
import {Tensor} from 'onnxruntime-node'
import {uniformInt} from 'pure-rand/distribution/uniformInt'
import {xoroshiro128plus} from 'pure-rand/generator/xoroshiro128plus'
import {probe, type Yardstick} from '../../../src/runtime/layer-effects/probe.js'

const DRAWS = 4000

describe('probe', () => {
  /** The mean of (w·Δ)² over draws. */
  function mean(output: Tensor, change: readonly number[], yardstick: Yardstick): number {
    const random = xoroshiro128plus(1)
    const sign = () => 2 * uniformInt(random, 0, 1) - 1
    let sum = 0
    for (let i = 0; i < DRAWS; i++) {
      const weights = probe(output, yardstick, sign).data as Float32Array
      sum += change.reduce((total, delta, at) => total + delta * (weights[at] as number), 0) ** 2
    }
    return sum / DRAWS
  }

  const tensor = (values: readonly number[], dims: readonly number[]) =>
    new Tensor('float32', Float32Array.from(values), dims)
  const softmax = (values: readonly number[]) => {
    const powers = values.map(Math.exp)
    const sum = powers.reduce((total, value) => total + value, 0)
    return powers.map((value) => value / sum)
  }
  const divergence = (p: readonly number[], q: readonly number[]) =>
    p.reduce((sum, value, i) => sum + value * Math.log(value / (q[i] as number)), 0)

  it('measures scores by the divergence of their classes, a change of all alike being none', () => {
    const [scores, change] = [
      [2, 0.5, -1, 0],
      [0.02, -0.03, 0.05, 0.01],
    ]
    const moved = scores.map((value, i) => value + (change[i] as number))
    const expected = divergence(softmax(scores), softmax(moved))
    expect(mean(tensor(scores, [1, 4]), change, 'KL') / expected).to.be.within(0.9, 1.1)
    expect(mean(tensor(scores, [1, 4]), [0.1, 0.1, 0.1, 0.1], 'KL')).to.be.below(expected / 1000)
  })

  it('measures probabilities the same, and takes the mean over rows', () => {
    const p = softmax([1, 0, -1])
    const change = [0.01, -0.004, -0.006]
    const expected = divergence(
      p,
      p.map((value, i) => value + (change[i] as number)),
    )
    const both = tensor([...p, ...softmax([0, 3, 1])], [2, 3])
    expect(mean(both, [...change, 0, 0, 0], 'KL') / (expected / 2)).to.be.within(0.9, 1.1)
  })

  it('measures numbers by noise over signal', () => {
    expect(mean(tensor([3, 4], [1, 2]), [0.3, -0.4], 'noise') / 0.01).to.be.within(0.9, 1.1)
  })
})
