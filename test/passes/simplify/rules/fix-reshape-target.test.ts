import type {GraphBuilder} from '../../../../src/ir/build.js'
import type {Value} from '../../../../src/ir/value.js'
import {fixReshapeTarget} from '../../../../src/passes/simplify/rules/fix-reshape-target.js'
import {floatFeed} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

/** Size `axis` of a value, as a vector of one. */
function sizeOf(build: GraphBuilder, x: Value, axis: number): Value {
  const size = build.op('Gather', [build.op('Shape', [x]), build.scalar(axis, 'int64')])
  return build.op('Unsqueeze', [size, build.ints([0])])
}

describe('fixReshapeTarget', () => {
  itRewrites({
    name: 'replaces the arithmetic of an exporter by 0 and -1',
    rule: fixReshapeTarget,
    write: (build) => {
      const x = build.input('x', ['N', 'T', 6])
      const target = build.op('Concat', [sizeOf(build, x, 0), build.ints([-1, 2, 3])], {axis: 0})
      build.output(build.op('Reshape', [x, target], {}, {outputs: ['y']}))
    },
    feeds: {x: floatFeed([2, 5, 6])},
    leaves: ['Shape', 'Gather', 'Unsqueeze', 'Concat', 'Reshape'],
  })
  itDeclines({
    name: 'leaves two sizes that change places',
    rule: fixReshapeTarget,
    write: (build) => {
      const x = build.input('x', ['N', 'T'])
      const target = build.op('Concat', [sizeOf(build, x, 1), sizeOf(build, x, 0)], {axis: 0})
      build.output(build.op('Reshape', [x, target]))
    },
    because: /more than one size/,
  })
  itDeclines({
    name: 'leaves a target that is data',
    rule: fixReshapeTarget,
    write: (build) => build.output(build.op('Reshape', [build.input('x', [4]), build.input('shape', [2], 'int64')])),
    because: /depends on the data/,
  })
})
