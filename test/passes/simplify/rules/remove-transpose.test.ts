import {removeTranspose} from '../../../../src/passes/simplify/rules/remove-transpose.js'
import {floatFeed} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

describe('removeTranspose', () => {
  itRewrites({
    name: 'removes axes in order',
    rule: removeTranspose,
    write: (build) =>
      build.output(build.op('Relu', [build.op('Transpose', [build.input('x', [2, 3])], {perm: [0, 1]})])),
    feeds: {x: floatFeed([2, 3])},
    leaves: ['Relu'],
  })
  itRewrites({
    name: 'removes a swap of two axes of size 1',
    rule: removeTranspose,
    write: (build) => {
      const turned = build.op('Transpose', [build.input('x', [1, 1, 3])], {perm: [1, 0, 2]})
      build.output(build.op('Relu', [turned]))
    },
    feeds: {x: floatFeed([1, 1, 3])},
    leaves: ['Relu'],
  })
  itDeclines({
    name: 'leaves a swap with an axis of another size',
    rule: removeTranspose,
    write: (build) =>
      build.output(build.op('Relu', [build.op('Transpose', [build.input('x', [1, 3])], {perm: [1, 0]})])),
    because: undefined,
  })
})
