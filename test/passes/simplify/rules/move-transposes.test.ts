import type {GraphBuilder} from '../../../../src/ir/build.js'
import type {Value} from '../../../../src/ir/value.js'
import {moveTransposes} from '../../../../src/passes/simplify/rules/move-transposes.js'
import {floatFeed, randomFloats} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

const FIRST = [0, 3, 1, 2]
const LAST = [0, 2, 3, 1]

function conv(build: GraphBuilder, x: Value): Value {
  return build.op('Conv', [x, build.floats(randomFloats(5 * 4 * 9, 1), [5, 4, 3, 3])])
}

function writeHead(opType: string, constant: readonly number[], slot: number) {
  return (build: GraphBuilder): void => {
    const head = build.op('Transpose', [conv(build, build.input('x', [2, 4, 6, 7]))], {perm: LAST})
    const count = constant.reduce((product, size) => product * size, 1)
    const operands = [
      head,
      build.floats(
        randomFloats(count, 2).map((value) => value + 2),
        constant,
      ),
    ]
    build.output(build.op(opType, slot === 0 ? operands : operands.reverse(), {}, {outputs: ['y']}))
  }
}

describe('moveTransposes', () => {
  for (const [opType, constant, slot] of [
    ['Add', [5], 0],
    ['Mul', [1, 1, 1, 5], 1],
    ['Sub', [4, 5, 1], 1],
    ['Div', [], 0],
  ] as const) {
    itRewrites({
      name: `moves one behind ${opType} with [${constant}] at a convolution`,
      rule: moveTransposes,
      write: writeHead(opType, constant, slot),
      feeds: {x: floatFeed([2, 4, 6, 7])},
      leaves: ['Conv', opType, 'Transpose'],
    })
  }
  itRewrites({
    name: 'moves one in front of the Pad of a convolution',
    rule: moveTransposes,
    write: (build) => {
      const pads = build.ints([0, 1, 0, 0, 0, 2, 1, 0])
      const padded = build.op('Pad', [build.input('x', [2, 6, 7, 4]), pads])
      build.output(build.op('Neg', [conv(build, build.op('Transpose', [padded], {perm: FIRST}))], {}, {outputs: ['y']}))
    },
    feeds: {x: floatFeed([2, 6, 7, 4])},
    leaves: ['Transpose', 'Pad', 'Conv', 'Neg'],
  })
  itDeclines({
    name: 'leaves a bias that is computed, and one behind no convolution',
    rule: moveTransposes,
    write: (build) => {
      const head = build.op('Transpose', [conv(build, build.input('x', [2, 4, 6, 7]))], {perm: LAST})
      build.output(build.op('Add', [head, build.input('b', [2, 4, 5, 5])]))
      const other = build.op('Transpose', [build.input('z', [2, 4, 6, 7])], {perm: LAST})
      build.output(build.op('Add', [other, build.floats([1, 2, 3, 4])]))
    },
    because: undefined,
  })
  itDeclines({
    name: 'leaves one that others read too, before and behind',
    rule: moveTransposes,
    write: (build) => {
      const head = build.op('Transpose', [conv(build, build.input('x', [2, 4, 6, 7]))], {perm: LAST})
      build.output(build.op('Add', [head, build.floats([1, 2, 3, 4, 5])]))
      build.output(build.op('Neg', [head]))
      const padded = build.op('Pad', [build.input('z', [2, 6, 7, 4]), build.ints([0, 1, 0, 0, 0, 2, 1, 0])])
      build.output(conv(build, build.op('Transpose', [padded], {perm: FIRST})))
      build.output(build.op('Abs', [padded]))
    },
    because: undefined,
  })
})
