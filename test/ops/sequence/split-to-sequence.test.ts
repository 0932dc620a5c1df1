import {expect} from 'chai'
import type {Value} from '../../../src/ir/value.js'
import * as file from '../../../src/ops/sequence/split-to-sequence.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {shapesOf} from '../../support/operators/sequence-shapes.js'

describeOperators(file)

describe('SplitToSequence', () => {
  it('splits into slices, pieces of one length, and pieces with a shorter last one', async () => {
    const shapes = await shapesOf((build) => {
      const x = build.input('x', ['N', 4])
      const first = (inputs: Value[], attributes = {}) =>
        build.op('SequenceAt', [build.op('SplitToSequence', inputs, attributes), build.scalar(0, 'int64')])
      return [
        first([x], {axis: 0}),
        first([x], {axis: 0, keepdims: 0}),
        first([x, build.scalar(2, 'int64')], {axis: 1}),
        first([x, build.scalar(3, 'int64')], {axis: 1}),
        first([x, build.ints([2, 2])], {axis: 1}),
        first([x, build.ints([1, 3])], {axis: 1}),
      ]
    })
    expect(shapes).to.deep.equal([[1, 4], [4], ['N', 2], ['N', undefined], ['N', 2], ['N', undefined]])
  })
})
