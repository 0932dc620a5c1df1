import {mergeSizes} from '../../../../src/passes/simplify/rules/merge-sizes.js'
import {floatFeed} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

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
