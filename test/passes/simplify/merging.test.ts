import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {float} from '../../../src/ir/attribute.js'
import {GraphBuilder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import {float32, tensorOf} from '../../../src/ir/tensor.js'
import type {Value} from '../../../src/ir/value.js'
import {mergeConstants} from '../../../src/passes/simplify/rules/merge-constants.js'
import {mergeEqualNodes} from '../../../src/passes/simplify/rules/merge-equal-nodes.js'
import {apply, floatFeed, modelOf, opTypes, randomFloats} from '../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../support/rule-trial.js'

/** A graph inside `build`'s, as a branch. */
function branch(build: GraphBuilder, write: (inner: GraphBuilder) => Value): Graph {
  const graph = new Graph('branch', build.graph)
  const inner = new GraphBuilder(graph)
  inner.output(write(inner))
  return graph
}

describe('mergeEqualNodes', () => {
  itRewrites({
    name: 'keeps the first of equal nodes, and of what follows from them',
    rule: mergeEqualNodes,
    write: (build) => {
      const x = build.input('x', [3])
      const twice = [1, 2].map(() => build.op('Sqrt', [build.op('Abs', [x])]))
      build.output(build.op('Add', twice, {}, {outputs: ['y']}))
    },
    feeds: {x: floatFeed([3])},
    leaves: ['Abs', 'Sqrt', 'Add'],
  })
  itRewrites({
    name: 'serves a branch from outside, but no branch from its sister',
    rule: mergeEqualNodes,
    write: (build) => {
      const x = build.input('x', [3])
      const outside = build.op('Abs', [x])
      const [yes, no] = [1, 2].map(() =>
        branch(build, (inner) => inner.op('Add', [inner.op('Abs', [x]), inner.op('Neg', [x])])),
      )
      const attributes = {then_branch: yes as Graph, else_branch: no as Graph}
      const chosen = build.op('If', [build.input('c', [], 'bool')], attributes)
      build.output(build.op('Add', [outside, chosen], {}, {outputs: ['y']}))
    },
    feeds: {x: floatFeed([3]), c: new OrtTensor('bool', Uint8Array.of(1), [])},
    leaves: ['Abs', 'If', 'Neg', 'Add', 'Neg', 'Add', 'Add'],
  })
  itRewrites({
    name: 'gives a graph output that goes the name of the one that stays',
    rule: mergeEqualNodes,
    write: (build) => {
      const x = build.input('x', [3])
      const [first, second] = [build.op('Abs', [x]), build.op('Abs', [x], {}, {outputs: ['y']})]
      build.output(build.op('Neg', [first], {}, {outputs: ['z']}))
      build.output(second)
    },
    feeds: {x: floatFeed([3])},
    leaves: ['Abs', 'Neg'],
  })
  itDeclines({
    name: 'keeps both where each names an output',
    rule: mergeEqualNodes,
    write: (build) => {
      const x = build.input('x', [3])
      for (const name of ['y', 'z']) build.output(build.op('Abs', [x], {}, {outputs: [name]}))
    },
    because: /graph output/,
  })
  for (const [name, first, second] of [
    ['other attributes', {alpha: float(0.1)}, {alpha: float(0.2)}],
    ['an attribute and none', {alpha: float(0.1)}, {}],
  ] as const) {
    itDeclines({
      name: `keeps nodes apart with ${name}`,
      rule: mergeEqualNodes,
      write: (build) => {
        const x = build.input('x', [3])
        build.output(build.op('Add', [build.op('Elu', [x], first), build.op('Elu', [x], second)]))
      },
      because: undefined,
    })
  }
  itDeclines({
    name: 'keeps random numbers apart',
    rule: mergeEqualNodes,
    write: (build) => {
      const x = build.input('x', [3])
      build.output(build.op('Sub', [build.op('RandomNormalLike', [x]), build.op('RandomNormalLike', [x])]))
    },
    because: undefined,
  })
})

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
