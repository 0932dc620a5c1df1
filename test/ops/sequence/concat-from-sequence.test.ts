import {expect} from 'chai'
import * as file from '../../../src/ops/sequence/concat-from-sequence.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {shapesOf} from '../../support/operators/sequence-shapes.js'

describeOperators(file)

describe('ConcatFromSequence', () => {
  it('stacks along a new axis, the number of elements left open', async () => {
    const shapes = await shapesOf((build) => {
      const a = build.input('a', ['N', 4])
      return [build.op('ConcatFromSequence', [build.op('SequenceConstruct', [a, a])], {axis: -1, new_axis: 1})]
    })
    expect(shapes).to.deep.equal([['N', 4, undefined]])
  })
})
