import {expect} from 'chai'
import {DataError} from '../../../src/errors.js'
import {IGNORED_LABEL} from '../../../src/metrics/labelled-rows.js'
import {checkClasses, targetRows} from '../../../src/train/step/target-rows.js'

const classes = {name: 'y', dtype: 'int64', shape: [2], classes: 3} as const
const one = (...labels: number[]) => ({labels: Float64Array.from(labels), labelShape: []})

describe('targetRows', () => {
  it('gives the labels of the samples from one on, in the type of the step', () => {
    const rows = targetRows(classes, one(0, 1, 2, 0), 1, 'x.npz')
    expect(rows).to.deep.equal({dtype: 'int64', shape: [2], data: BigInt64Array.of(1n, 2n)})
    const numbers = {...classes, dtype: 'float32', classes: undefined} as const
    expect(targetRows(numbers, one(0.5, -7), 0, 'x.npz').data).to.deep.equal(Float32Array.of(0.5, -7))
  })

  it('gives several of each sample', () => {
    const port = {...classes, shape: [1, 2]}
    const labels = {labels: Float64Array.of(0, 1, 2, IGNORED_LABEL), labelShape: [2]}
    expect(targetRows(port, labels, 1, 'x.npz').data).to.deep.equal(BigInt64Array.of(2n, BigInt(IGNORED_LABEL)))
  })

  it('refuses data without labels, or with another number of them', () => {
    expect(() => targetRows(classes, {labels: undefined, labelShape: []}, 0, 'x.npz')).to.throw(DataError, 'found none')
    expect(() => targetRows({...classes, shape: [2, 4]}, one(0, 1), 0, 'x.npz')).to.throw(
      DataError,
      'x.npz: expected targets of shape [2, 4], got one label per sample',
    )
    expect(() => targetRows(classes, {labels: Float64Array.of(0, 1), labelShape: [2]}, 0, 'x.npz')).to.throw(
      DataError,
      'got labels of shape [N, 2]',
    )
  })

  it('refuses what is no class, and a label left out where every sample needs one', () => {
    for (const label of [3, -1, 0.5, Number.NaN, IGNORED_LABEL])
      expect(() => targetRows(classes, one(0, label), 0, 'x.npz'), `${label}`).to.throw(DataError, `got ${label}`)
  })
})

describe('checkClasses', () => {
  it('looks at every label, and speaks of decisions where they are', () => {
    const check = {path: 'x.npz', areDecisions: true}
    expect(() => checkClasses(Float64Array.of(0, 1, 1), 2, check)).not.to.throw()
    expect(() => checkClasses(Float64Array.of(0, 1, 2), 2, check)).to.throw(
      DataError,
      'x.npz: expected labels 0 and 1, got 2',
    )
    expect(() => checkClasses(Float64Array.of(0, 2), 2, {path: 'x'})).to.throw(
      DataError,
      'expected classes 0 to 1 as labels, got 2',
    )
  })
})
