import {expect} from 'chai'
import {GraphBuilder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import {tensorType} from '../../../src/ir/types.js'
import * as file from '../../../src/ops/sequence/sequences.js'
import {describeOperators} from '../../support/operators/describe-operators.js'
import {shapesOf} from '../../support/operators/sequence-shapes.js'

describeOperators(file)

describe('sequence operators', () => {
  it('keep what all elements have in common', async () => {
    const shapes = await shapesOf((build) => {
      const [a, b] = [build.input('a', ['N', 4]), build.input('b', ['N', 5])]
      const list = build.op('SequenceConstruct', [a, b])
      const longer = build.op('SequenceInsert', [build.op('SequenceErase', [list]), a])
      return [
        build.op('SequenceAt', [longer, build.scalar(0, 'int64')]),
        build.op('SequenceLength', [list]),
        build.op('ConcatFromSequence', [list], {axis: -1}),
      ]
    })
    expect(shapes).to.deep.equal([['N', undefined], [], ['N', undefined]])
  })

  it('know no shape in a list that is empty yet', async () => {
    const shapes = await shapesOf((build) => {
      const list = build.op('SequenceInsert', [build.op('SequenceEmpty', []), build.input('a', ['N', 4])])
      return [build.op('SequenceAt', [list, build.scalar(0, 'int64')])]
    })
    expect(shapes).to.deep.equal([undefined])
  })

  it('map a subgraph over the elements', async () => {
    const shapes = await shapesOf((build) => {
      const a = build.input('a', ['N', 4])
      const body = new Graph('body', build.graph)
      const inner = new GraphBuilder(body)
      const turned = inner.output(inner.op('Transpose', [inner.input('element', ['N', 4])]))
      turned.type = tensorType('float32', undefined)
      const mapped = build.op('SequenceMap', [build.op('SequenceConstruct', [a, a])], {body})
      return [build.op('SequenceAt', [mapped, build.scalar(1, 'int64')])]
    })
    expect(shapes).to.deep.equal([[4, 'N']])
  })
})
