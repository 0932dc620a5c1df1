import {removeCast} from '../../../../src/passes/simplify/rules/remove-cast.js'
import {floatFeed} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

describe('removeCast', () => {
  const feeds = {x: floatFeed([4])}
  itRewrites({
    name: 'removes a Cast to the type there is',
    rule: removeCast,
    write: (build) => build.output(build.op('Relu', [build.op('Cast', [build.input('x', [4])], {to: 1})])),
    feeds,
    leaves: ['Relu'],
  })
  itRewrites({
    name: 'removes a CastLike to the type there is',
    rule: removeCast,
    write: (build) => {
      const x = build.input('x', [4])
      build.output(build.op('Relu', [build.op('CastLike', [x, build.scalar(1)])]))
    },
    feeds,
    leaves: ['Relu'],
  })
  itDeclines({
    name: 'leaves a Cast to another type',
    rule: removeCast,
    write: (build) => build.output(build.op('Neg', [build.op('Cast', [build.input('x', [4])], {to: 11})])),
    because: undefined,
  })
  itDeclines({
    name: 'leaves one between an input and an output, both of which have names',
    rule: removeCast,
    write: (build) => build.output(build.op('Cast', [build.input('x', [4])], {to: 1})),
    because: /graph output/,
  })
})
