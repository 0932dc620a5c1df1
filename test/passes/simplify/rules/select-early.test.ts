import type {GraphBuilder} from '../../../../src/ir/build.js'
import type {Value} from '../../../../src/ir/value.js'
import {selectEarly} from '../../../../src/passes/simplify/rules/select-early.js'
import {floatFeed, randomFloats} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

const weight = (build: GraphBuilder, shape: readonly number[], seed: number) => {
  const count = shape.reduce((product, size) => product * size, 1)
  return build.floats(randomFloats(count, seed, 0.5), shape)
}
const first = (build: GraphBuilder, x: Value, axis = 1) =>
  build.output(build.op('Gather', [x, build.scalar(0, 'int64')], {axis}, {outputs: ['y']}))

/** One head of attention and a residual sum. */
function attention(build: GraphBuilder): void {
  const x = build.input('x', ['N', 'T', 4])
  const row = build.op('Relu', [x])
  const [q, k, v] = [1, 2, 3].map((seed) => build.op('MatMul', [row, weight(build, [4, 4], seed)])) as [
    Value,
    Value,
    Value,
  ]
  const scores = build.op('MatMul', [q, build.op('Transpose', [k], {perm: [0, 2, 1]})])
  const weights = build.op('Softmax', [build.op('Add', [scores, build.input('mask', ['N', 1, 'T'])])], {axis: -1})
  const sum = build.op('Add', [row, build.op('MatMul', [weights, v])])
  const scale = weight(build, [4], 4)
  const normal = build.op('LayerNormalization', [sum, scale, weight(build, [4], 5)], {axis: -1})
  const wide = build.op('Add', [build.op('MatMul', [normal, weight(build, [4, 8], 6)]), weight(build, [8], 7)])
  first(build, build.op('Add', [normal, build.op('MatMul', [build.op('Tanh', [wide]), weight(build, [8, 4], 8)])]))
}

describe('selectEarly', () => {
  const feeds = {x: floatFeed([2, 3, 4])}

  itRewrites({
    name: 'computes the last layer of an encoder for the one token that is read',
    rule: selectEarly,
    write: attention,
    feeds: {...feeds, mask: floatFeed([2, 1, 3])},
    // keys and values are needed of all tokens; the query's way starts with the selection
    leaves: [
      'Relu',
      'Gather',
      'MatMul',
      'MatMul',
      'MatMul',
      'Transpose',
      'MatMul',
      'Add',
      'Softmax',
      'MatMul',
      'Add',
    ].concat(...['LayerNormalization', 'MatMul', 'Add', 'Tanh', 'MatMul', 'Add', 'Gather']),
  })
  itRewrites({
    name: 'goes through Transpose and Reshape where the axis is one of both',
    rule: selectEarly,
    write: (build) => {
      const x = build.op('Exp', [build.input('x', ['N', 'T', 4])])
      const split = build.op('Reshape', [x, build.ints([0, 0, 2, 2])])
      const turned = build.op('Transpose', [split], {perm: [0, 2, 1, 3]})
      build.output(build.op('Gather', [turned, build.ints([-1])], {axis: 2}, {outputs: ['y']}))
    },
    feeds,
    leaves: ['Gather', 'Exp', 'Reshape', 'Transpose'],
  })
  itRewrites({
    name: 'leaves operands that are stretched along the axis whole',
    rule: selectEarly,
    write: (build) => {
      const x = build.input('x', ['N', 'T', 4])
      const sum = build.op('Sub', [build.op('ReduceMean', [x], {axes: [1]}), x])
      first(build, build.op('Mul', [sum, weight(build, [4], 1)]))
    },
    feeds,
    leaves: ['ReduceMean', 'Gather', 'Sub', 'Mul', 'Gather'],
  })
  itRewrites({
    name: 'takes a row of a product of matrices',
    rule: selectEarly,
    write: (build) => {
      const x = build.op('Neg', [build.input('x', ['N', 4])])
      first(build, build.op('Gemm', [x, weight(build, [3, 4], 1), weight(build, [3], 2)], {transB: 1}), 0)
    },
    feeds: {x: floatFeed([3, 4])},
    leaves: ['Gather', 'Neg', 'Gemm', 'Gather'],
  })

  const declines: Readonly<Record<string, (build: GraphBuilder, x: Value) => void>> = {
    'what mixes the positions': (build, x) => first(build, build.op('Softmax', [x], {axis: 1})),
    'what others read too': (build, x) => {
      const y = build.op('Tanh', [x])
      build.output(y)
      first(build, y)
    },
    'a constant: it may be a weight': (build, x) => first(build, build.op('Add', [x, weight(build, [3, 4], 1)])),
    'an input': (build, x) => first(build, x),
    'several positions': (build, x) => {
      const y = build.op('Gather', [build.op('Tanh', [x]), build.ints([0, 2])], {axis: 1})
      build.output(y)
    },
    'a Reshape that breaks the axis up': (build, x) => first(build, build.op('Reshape', [x, build.ints([2, 6, 2])])),
  }
  for (const [name, write] of Object.entries(declines)) {
    itDeclines({
      name: `leaves ${name}`,
      rule: selectEarly,
      write: (build) => write(build, build.input('x', [2, 3, 4])),
      because: undefined,
    })
  }
})
