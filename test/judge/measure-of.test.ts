import {expect} from 'chai'
import type {SeenOutput} from '../../src/judge/kind-of.js'
import {areLogits, classAxisOf, measureOf} from '../../src/judge/measure-of.js'
import type {Tail} from '../../src/judge/output-tail.js'
import {OUTPUT_KINDS} from '../../src/results/fidelity.js'

function seen(dims: number[], values: number[] = [], tail: Tail = 'other'): SeenOutput {
  const facts = {name: 'y', tail, parts: undefined, isEnlarged: false, isFreelyShaped: false}
  return {facts, dtype: 'float32', dims, axis: 0, values: Float32Array.from(values)}
}

describe('measureOf', () => {
  it('has one for each kind, which takes a batch', () => {
    for (const kind of OUTPUT_KINDS) {
      const measure = measureOf(kind, seen([1, 2], [0.2, 0.8]))
      const values = Float32Array.of(0.2, 0.8)
      measure.add({reference: values, other: values, dims: [1, 2]})
      expect(measure.result().value, kind).to.be.oneOf([1, null])
    }
  })

  it('weighs many scores of a sample as places and a few as samples', () => {
    const values = Float32Array.from({length: 20}, (_, index) => (index < 11 ? 0.9 : 0))
    const lost = values.map((score, index) => (index < 1 ? 0 : score))
    const keptOf = (dims: number[]) => {
      const measure = measureOf('scores', seen(dims, [...values], 'sigmoid'))
      measure.add({reference: values, other: lost, dims})
      return measure.result().value
    }
    // ten of eleven found, none wrong: F1 2·10/21, and 19 of 20 decisions
    expect(keptOf([20, 1])).to.be.closeTo(19 / 20, 1e-6)
    expect(keptOf([1, 20])).to.be.closeTo(20 / 21, 1e-6)
  })

  it('takes a place for empty where classes do not exclude each other and none is above a half, or zero', () => {
    const reasonOf = (values: number[], tail?: Tail) => {
      const dims = [1, values.length / 2, 2]
      const measure = measureOf('places', seen(dims, values, tail))
      measure.add({reference: Float32Array.from(values), other: Float32Array.from(values), dims})
      const {value, reason} = measure.result()
      return value ?? reason
    }
    expect(reasonOf([0.4, 0.3, 0.2, 0.1], 'sigmoid')).to.equal('all places are background')
    expect(reasonOf([0.6, 0.3, 0.2, 0.1], 'sigmoid')).to.equal(1)
    expect(reasonOf([-4, -3, -5, -2])).to.equal('all places are background')
    // these do: 0 and 1 win a place each
    expect(reasonOf([0.7, 0.3, 0.4, 0.6])).to.equal(1)
    expect(reasonOf([3, -1, -2, 2])).to.equal(1)
  })

  it('goes by the threshold that was named', () => {
    const measure = measureOf('scores', seen([2, 1], [0.2, 0.4], 'sigmoid'), 0.3)
    const [reference, other] = [Float32Array.of(0.2, 0.4), Float32Array.of(0.35, 0.4)]
    measure.add({reference, other, dims: [2, 1]})
    // one yes is kept, one is new: min(F1 2/3, equal decisions 1/2)
    expect(measure.result()).to.deep.include({value: 0.5, details: {threshold: 0.3, positives: 1}})
  })
})

describe('areLogits', () => {
  it('is known of probabilities only', () => {
    expect(areLogits(seen([1], [], 'sigmoid'))).to.equal(false)
    expect(areLogits(seen([1]))).to.equal(undefined)
  })
})

describe('classAxisOf', () => {
  it('is the last one of samples and sequences', () => {
    expect(classAxisOf(seen([1, 5]))).to.equal(1)
    expect(classAxisOf(seen([1, 7, 5]))).to.equal(2)
  })

  it('is axis 1 of images, the last where height and width stand before it', () => {
    expect(classAxisOf(seen([1, 5, 8, 8]))).to.equal(1)
    expect(classAxisOf(seen([1, 8, 8, 5]))).to.equal(3)
    expect(classAxisOf(seen([1, 8, 8, 8]))).to.equal(1)
  })

  it('is where probabilities sum to 1', () => {
    expect(classAxisOf(seen([1, 2, 1, 2], [0.5, 0.5, 0.9, 0.9], 'softmax'))).to.equal(3)
    expect(classAxisOf(seen([1, 2, 1, 2], [0.5, 0.9, 0.5, 0.1], 'softmax'))).to.equal(1)
  })
})
