import {mergeReshapes} from '../../../../src/passes/simplify/rules/merge-reshapes.js'
import {floatFeed} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

describe('mergeReshapes', () => {
  itRewrites({
    name: 'joins Unsqueeze, Flatten and Reshape',
    rule: mergeReshapes,
    write: (build) => {
      const x = build.input('x', ['N', 4, 6])
      const wide = build.op('Unsqueeze', [x, build.ints([1])])
      build.output(build.op('Flatten', [build.op('Reshape', [wide, build.ints([0, 1, 2, 12])])], {axis: 1}))
    },
    feeds: {x: floatFeed([3, 4, 6])},
    leaves: ['Reshape'],
  })
  itDeclines({
    name: 'leaves a first one that others read',
    rule: mergeReshapes,
    write: (build) => {
      const flat = build.op('Flatten', [build.input('x', [2, 3, 4])])
      build.output(build.op('Reshape', [flat, build.ints([24])]))
      build.output(build.op('Relu', [flat]))
    },
    because: undefined,
  })
})
