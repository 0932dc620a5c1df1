import type {GraphBuilder} from '../../../../src/ir/build.js'
import type {Value} from '../../../../src/ir/value.js'
import {foldScaleBackward} from '../../../../src/passes/simplify/rules/fold-scale-backward.js'
import {floatFeed, randomFloats, type Write} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

function projected(build: GraphBuilder, x: Value, seed: number): Value {
  const product = build.op('MatMul', [x, build.floats(randomFloats(64, seed), [8, 8])])
  return build.op('Add', [product, build.floats(randomFloats(8, seed + 1))])
}

function heads(build: GraphBuilder, x: Value, perm: number[]): Value {
  return build.op('Transpose', [build.op('Reshape', [x, build.ints([0, 0, 2, 4])])], {perm})
}

/** Attention scores, with what is done to them. */
function scores(scale: (build: GraphBuilder, y: Value, queries: Value) => Value): Write {
  return (build) => {
    const x = build.input('x', ['N', 'T', 8])
    const queries = heads(build, projected(build, x, 1), [0, 2, 1, 3])
    const keys = heads(build, projected(build, x, 3), [0, 2, 3, 1])
    const y = scale(build, build.op('MatMul', [queries, keys]), queries)
    build.output(build.op('Softmax', [y], {axis: -1}, {outputs: ['y']}))
  }
}

const half = ['MatMul', 'Add', 'Reshape', 'Transpose']
const leaves = [...half, ...half, 'MatMul', 'Softmax']

describe('foldScaleBackward', () => {
  const feeds = {x: floatFeed([2, 3, 8])}
  itRewrites({
    name: 'moves the division of attention scores into the queries',
    rule: foldScaleBackward,
    write: scores((build, y) => build.op('Div', [y, build.scalar(4)])),
    feeds,
    leaves,
  })
  itRewrites({
    name: 'moves a factor that is no power of two',
    rule: foldScaleBackward,
    write: scores((build, y) => build.op('Mul', [build.scalar(0.35355338), y])),
    feeds,
    leaves,
  })
  itRewrites({
    name: 'takes the keys when something else reads the queries',
    rule: foldScaleBackward,
    write: scores((build, y, queries) => {
      build.output(build.op('Abs', [queries], {}, {outputs: ['other']}))
      return build.op('Div', [y, build.scalar(4)])
    }),
    feeds,
    leaves: [...half, ...half, 'MatMul', 'Abs', 'Softmax'],
  })

  const declines: readonly (readonly [string, Write])[] = [
    [
      'scores that are read twice',
      scores((build, y) => {
        build.output(y)
        return build.op('Div', [y, build.scalar(4)])
      }),
    ],
    ['a factor of zero', scores((build, y) => build.op('Mul', [y, build.scalar(0)]))],
    ['what is bent before', scores((build, y) => build.op('Div', [build.op('Tanh', [y]), build.scalar(4)]))],
    ['a factor per element', scores((build, y) => build.op('Mul', [y, build.floats(randomFloats(9), [3, 3])]))],
  ]
  for (const [name, write] of declines) {
    itDeclines({name: `leaves ${name}`, rule: foldScaleBackward, write, because: undefined})
  }
})
