import {Tensor as OrtTensor} from 'onnxruntime-node'
import {removeReshape} from '../../../../src/passes/simplify/rules/remove-reshape.js'
import {floatFeed} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

describe('removeReshape', () => {
  for (const [name, shape] of [
    ['a fixed shape', [2, 3]],
    ['a free first size', ['N', 3]],
    ['a free size without a name', [undefined, 3]],
  ] as const) {
    itRewrites({
      name: `removes a Reshape to ${name} that is there`,
      rule: removeReshape,
      write: (build) =>
        build.output(build.op('Relu', [build.op('Reshape', [build.input('x', shape), build.ints([-1, 3])])])),
      feeds: {x: floatFeed([2, 3])},
      leaves: ['Relu'],
    })
  }
  itRewrites({
    name: 'removes a Flatten of a matrix',
    rule: removeReshape,
    write: (build) => build.output(build.op('Relu', [build.op('Flatten', [build.input('x', ['N', 'M'])])])),
    feeds: {x: floatFeed([2, 3])},
    leaves: ['Relu'],
  })
  itDeclines({
    name: 'leaves one that swaps two free sizes',
    rule: removeReshape,
    write: (build) => {
      const x = build.input('x', [undefined, undefined])
      build.output(build.op('Relu', [build.op('Reshape', [x, build.input('s', [2], 'int64')])]))
    },
    because: undefined,
  })
  itRewrites({
    name: 'leaves one beside a size of 0, where the count says nothing',
    rule: removeReshape,
    write: (build) => {
      const x = build.input('x', [0, undefined])
      build.output(build.op('Relu', [build.op('Reshape', [x, build.input('s', [2], 'int64')])]))
    },
    feeds: {x: floatFeed([0, 3]), s: new OrtTensor('int64', BigInt64Array.of(0n, 5n), [2])},
    leaves: ['Reshape', 'Relu'],
  })
})
