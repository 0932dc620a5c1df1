import {Tensor as OrtTensor} from 'onnxruntime-node'
import {float} from '../../../../src/ir/attribute.js'
import {GraphBuilder} from '../../../../src/ir/build.js'
import {Graph} from '../../../../src/ir/graph.js'
import type {Value} from '../../../../src/ir/value.js'
import {mergeEqualNodes} from '../../../../src/passes/simplify/rules/merge-equal-nodes.js'
import {floatFeed} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

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
