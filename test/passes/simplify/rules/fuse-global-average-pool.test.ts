import type {GraphBuilder} from '../../../../src/ir/build.js'
import {fuseGlobalAveragePool} from '../../../../src/passes/simplify/rules/fuse-global-average-pool.js'
import {floatFeed} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

describe('fuseGlobalAveragePool', () => {
  const mean = (axes: number[], keepdims: number, shape: (number | string)[] | undefined = ['N', 4, 'H', 'W']) => {
    return (build: GraphBuilder) => {
      build.output(build.op('ReduceMean', [build.input('x', shape)], {axes, keepdims}, {outputs: ['y']}))
    }
  }
  for (const axes of [
    [2, 3],
    [-1, -2],
  ]) {
    itRewrites({
      name: `takes the mean over [${axes}]`,
      rule: fuseGlobalAveragePool,
      write: mean(axes, 1),
      feeds: {x: floatFeed([2, 4, 5, 6])},
      leaves: ['GlobalAveragePool'],
    })
  }
  const declines: readonly (readonly [string, (build: GraphBuilder) => void, RegExp | undefined])[] = [
    ['axes that are dropped', mean([2, 3], 0), undefined],
    ['one axis of two', mean([3], 1), undefined],
    ['sequences, whose means normalize layers', mean([2], 1, ['N', 3, 4]), undefined],
    [
      'the mean of a normalization over positions',
      (build) => {
        const x = build.input('x', ['N', 4, 'H', 'W'])
        build.output(build.op('Sub', [x, build.op('ReduceMean', [x], {axes: [2, 3]})]))
      },
      /part of a normalization/,
    ],
  ]
  for (const [name, write, because] of declines) {
    itDeclines({name: `leaves ${name}`, rule: fuseGlobalAveragePool, write, because})
  }
})
