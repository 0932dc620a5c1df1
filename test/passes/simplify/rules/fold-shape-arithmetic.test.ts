import {foldShapeArithmetic} from '../../../../src/passes/simplify/rules/fold-shape-arithmetic.js'
import {floatFeed} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

describe('foldShapeArithmetic', () => {
  itRewrites({
    name: 'folds what is known of a shape with a free batch',
    rule: foldShapeArithmetic,
    write: (build) => {
      const x = build.input('x', ['N', 3, 4])
      const size = build.op('Gather', [build.op('Shape', [x]), build.scalar(2, 'int64')])
      const half = build.op('Div', [size, build.scalar(2, 'int64')])
      const target = build.op('Concat', [build.ints([-1]), build.op('Unsqueeze', [half, build.ints([0])])], {axis: 0})
      build.output(build.op('Reshape', [x, target], {}, {outputs: ['y']}))
    },
    feeds: {x: floatFeed([2, 3, 4])},
    leaves: ['Reshape'],
  })
  itRewrites({
    name: 'folds a comparison of sizes',
    rule: foldShapeArithmetic,
    write: (build) => {
      const x = build.input('x', [2, 3])
      const isThree = build.op('Equal', [build.op('Shape', [x]), build.ints([3])])
      build.output(build.op('Cast', [isThree], {to: 1}, {outputs: ['y']}))
    },
    feeds: {x: floatFeed([2, 3])},
    leaves: ['Cast'],
  })
  itDeclines({
    name: 'leaves sizes that are free, and outputs of the graph',
    rule: foldShapeArithmetic,
    write: (build) => {
      build.output(build.op('Neg', [build.op('Shape', [build.input('x', ['N', 3])])]))
      build.output(build.op('Shape', [build.input('z', [2, 3])]))
    },
    because: undefined,
  })
})
