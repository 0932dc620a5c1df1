import type {GraphBuilder} from '../../../../src/ir/build.js'
import type {Value} from '../../../../src/ir/value.js'
import {fixExpandTarget} from '../../../../src/passes/simplify/rules/fix-expand-target.js'
import {floatFeed} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

/** Size `axis` of a value, as a vector of one. */
function sizeOf(build: GraphBuilder, x: Value, axis: number): Value {
  const size = build.op('Gather', [build.op('Shape', [x]), build.scalar(axis, 'int64')])
  return build.op('Unsqueeze', [size, build.ints([0])])
}

describe('fixExpandTarget', () => {
  itRewrites({
    name: 'writes 1 where the input has the size',
    rule: fixExpandTarget,
    write: (build) => {
      const x = build.input('x', ['N', 1])
      const target = build.op('Concat', [sizeOf(build, x, 0), build.ints([3])], {axis: 0})
      build.output(build.op('Expand', [x, target], {}, {outputs: ['y']}))
    },
    feeds: {x: floatFeed([2, 1])},
    leaves: ['Shape', 'Gather', 'Unsqueeze', 'Concat', 'Expand'],
  })
  itDeclines({
    name: 'leaves a size that comes from elsewhere',
    rule: fixExpandTarget,
    write: (build) => {
      const target = build.op('Concat', [sizeOf(build, build.input('z', ['M']), 0), build.ints([3])], {axis: 0})
      build.output(build.op('Expand', [build.input('x', [1, 3]), target]))
    },
    because: /a size depends on the input/,
  })
})
