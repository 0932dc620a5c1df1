import type {GraphBuilder} from '../../../../src/ir/build.js'
import {fuseSliceSqueeze} from '../../../../src/passes/simplify/rules/fuse-slice-squeeze.js'
import {floatFeed} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

describe('fuseSliceSqueeze', () => {
  const sliced = (bounds: readonly [number, number, number], squeezed: number) => (build: GraphBuilder) => {
    const [start, end, axis] = bounds
    const x = build.input('x', ['N', 'T', 'C'])
    const part = build.op('Slice', [x, build.ints([start]), build.ints([end]), build.ints([axis])])
    build.output(build.op('Squeeze', [part, build.ints([squeezed])], {}, {outputs: ['y']}))
  }
  const feeds = {x: floatFeed([2, 3, 4])}
  for (const [bounds, squeezed] of [
    [[1, 2, 1], 1],
    [[0, 1, -1], 2],
    [[-1, 2 ** 31 - 1, 1], -2],
    [[-2, -1, 2], 2],
  ] as const) {
    const name = `takes index ${bounds[0]} of axis ${bounds[2]}`
    itRewrites({name, rule: fuseSliceSqueeze, write: sliced(bounds, squeezed), feeds, leaves: ['Gather']})
  }
  itRewrites({
    name: 'reads attributes, as before opset 10',
    rule: fuseSliceSqueeze,
    write: (build) => {
      const part = build.op('Slice', [build.input('x', ['N', 3, 4])], {starts: [1], ends: [2], axes: [1]})
      build.output(build.op('Squeeze', [part], {axes: [1]}, {outputs: ['y']}))
    },
    opset: 9,
    feeds,
    leaves: ['Gather'],
  })
  for (const [name, bounds, squeezed] of [
    ['another axis', [1, 2, 1], 0],
    ['a range', [0, 2, 1], 1],
  ] as const) {
    itDeclines({name: `leaves ${name}`, rule: fuseSliceSqueeze, write: sliced(bounds, squeezed), because: undefined})
  }
})
