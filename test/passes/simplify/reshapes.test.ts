import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import type {GraphBuilder} from '../../../src/ir/build.js'
import type {Value} from '../../../src/ir/value.js'
import {reshapeTarget} from '../../../src/passes/simplify/patterns/reshape-target.js'
import {fixExpandTarget} from '../../../src/passes/simplify/rules/fix-expand-target.js'
import {fixReshapeTarget} from '../../../src/passes/simplify/rules/fix-reshape-target.js'
import {mergeReshapes} from '../../../src/passes/simplify/rules/merge-reshapes.js'
import {removeReshape} from '../../../src/passes/simplify/rules/remove-reshape.js'
import {floatFeed} from '../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../support/rule-trial.js'

/** Size `axis` of a value, as a vector of one. */
function sizeOf(build: GraphBuilder, x: Value, axis: number): Value {
  const size = build.op('Gather', [build.op('Shape', [x]), build.scalar(axis, 'int64')])
  return build.op('Unsqueeze', [size, build.ints([0])])
}

describe('reshapeTarget', () => {
  it('writes numbers, 0 for what stays in its place, -1 for the rest', () => {
    expect(reshapeTarget(['N', 4, 6], ['N', 24])).to.deep.equal([0, 24])
    expect(reshapeTarget(['N', 4], [4, 'N'])).to.deep.equal([4, -1])
    expect(reshapeTarget(undefined, [2, undefined])).to.deep.equal([2, -1])
  })
  it('gives up when two sizes are open, or one is 0', () => {
    expect(reshapeTarget(['N', 'M'], ['M', 'N'])).to.equal(undefined)
    expect(reshapeTarget(['N'], [0, 'N'])).to.equal(undefined)
  })
})

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
