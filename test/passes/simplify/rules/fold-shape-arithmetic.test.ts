import {foldShapeArithmetic} from '../../../../src/passes/simplify/rules/fold-shape-arithmetic.js'
import {mergeSizes} from '../../../../src/passes/simplify/rules/merge-sizes.js'
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

describe('mergeSizes', () => {
  itRewrites({
    name: 'reads the same free size once, whichever tensor it is read from',
    rule: mergeSizes,
    write: (build) => {
      const x = build.input('x', ['N', 'T'])
      const first = build.op('Gather', [build.op('Shape', [x]), build.ints([0])])
      const second = build.op('Gather', [build.op('Shape', [build.op('Relu', [x])]), build.ints([-2])])
      build.output(
        build.op('Expand', [build.scalar(1), build.op('Concat', [first, second], {axis: 0})], {}, {outputs: ['y']}),
      )
    },
    feeds: {x: floatFeed([2, 3])},
    leaves: ['Shape', 'Gather', 'Relu', 'Concat', 'Expand'],
  })
  itDeclines({
    name: 'keeps two free sizes apart that may differ, and those without a name',
    rule: mergeSizes,
    write: (build) => {
      for (const [name, size] of Object.entries({a: 'N', b: 'M', c: undefined, d: undefined})) {
        build.output(build.op('Neg', [build.op('Shape', [build.input(name, [size])])]))
      }
    },
    because: undefined,
  })
})
