import {expect} from 'chai'
import {GraphBuilder} from '../../../../src/ir/build.js'
import {Graph} from '../../../../src/ir/graph.js'
import {float32, tensorOf} from '../../../../src/ir/tensor.js'
import type {Value} from '../../../../src/ir/value.js'
import {mergeConstants} from '../../../../src/passes/simplify/rules/merge-constants.js'
import {apply, floatFeed, modelOf, opTypes, randomFloats} from '../../../support/pass-trial.js'
import {itRewrites} from '../../../support/rule-trial.js'

/** A graph inside `build`'s, as a branch. */
function branch(build: GraphBuilder, write: (inner: GraphBuilder) => Value): Graph {
  const graph = new Graph('branch', build.graph)
  const inner = new GraphBuilder(graph)
  inner.output(write(inner))
  return graph
}

describe('mergeConstants', () => {
  itRewrites({
    name: 'keeps one of two equal weights',
    rule: mergeConstants,
    write: (build) => {
      const x = build.input('x', [2, 4])
      const [a, b] = [1, 2].map(() => build.floats(randomFloats(16), [4, 4]))
      build.output(build.op('MatMul', [build.op('MatMul', [x, a]), b], {}, {outputs: ['y']}))
    },
    feeds: {x: floatFeed([2, 4])},
    leaves: ['MatMul', 'MatMul'],
  })

  it('merges equal bytes of equal type and shape only, and branches with what is around them', async () => {
    const model = modelOf((build) => {
      const x = build.input('x', [2])
      const tensors = [
        float32([1, 2]),
        float32([1, 2]),
        float32([1, 2], [1, 2]),
        float32([1, 3]),
        tensorOf('int32', [2], Int32Array.of(1, 2)),
        tensorOf('string', [2], ['a', 'b']),
        tensorOf('string', [2], ['a', 'b']),
      ]
      for (const tensor of tensors) build.output(build.op('Identity', [build.constant(tensor)]))
      const inner = branch(build, (deep) => deep.op('Add', [x, deep.constant(float32([1, 2]))]))
      build.output(
        build.op('If', [build.scalar(1, 'bool')], {
          then_branch: inner,
          else_branch: branch(build, (deep) => deep.op('Abs', [x])),
        }),
      )
    })
    const {changed} = await apply(mergeConstants, model)
    expect(changed).to.have.length(3)
    expect(model.graph.constants()).to.have.length(6)
    expect(opTypes(model).filter((type) => type === 'Identity')).to.have.length(7)
  })
})
