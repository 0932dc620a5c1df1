import type {GraphBuilder} from '../../../../src/ir/build.js'
import {mergeConstantOperands} from '../../../../src/passes/simplify/rules/merge-constant-operands.js'
import {floatFeed, randomFloats} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

describe('mergeConstantOperands', () => {
  const feeds = {x: floatFeed([2, 3, 4])}
  const chain = (first: string, second: string, shapes: readonly [number[], number[]], peak = 1) => {
    return (build: GraphBuilder) => {
      const constant = (shape: number[], seed: number) => {
        const count = shape.reduce((all, size) => all * size, 1)
        return build.floats(
          randomFloats(count, seed).map((value) => (value + Math.sign(value) * 0.5) * peak),
          shape,
        )
      }
      const y = build.op(first, [build.input('x', ['N', 3, 4]), constant(shapes[0], 3)])
      build.output(build.op(second, [y, constant(shapes[1], 4)], {}, {outputs: ['y']}))
    }
  }
  for (const [first, second] of [
    ['Mul', 'Mul'],
    ['Mul', 'Div'],
    ['Div', 'Mul'],
    ['Div', 'Div'],
  ] as const) {
    for (const shapes of [
      [[], []],
      [[4], []],
      [[], [3, 1]],
      [[4], [4]],
    ] as const) {
      const write = chain(first, second, [[...shapes[0]], [...shapes[1]]])
      const name = `joins ${first} [${shapes[0]}] and ${second} [${shapes[1]}]`
      itRewrites({name, rule: mergeConstantOperands, write, feeds, leaves: ['Mul']})
    }
  }
  for (const [first, second] of [
    ['Add', 'Sub'],
    ['Sub', 'Add'],
    ['Add', 'Add'],
  ] as const) {
    const write = chain(first, second, [[4], []])
    itRewrites({name: `joins ${first} and ${second}`, rule: mergeConstantOperands, write, feeds, leaves: ['Add']})
  }
  itDeclines({
    name: 'leaves shapes that would stretch each other',
    rule: mergeConstantOperands,
    write: chain('Mul', 'Mul', [[4], [3, 1]]),
    because: undefined,
  })
  itDeclines({
    name: 'leaves a large number that is added and taken away: that rounds on purpose',
    rule: mergeConstantOperands,
    write: (build) => {
      const up = build.op('Add', [build.input('x', [4]), build.scalar(12582912)])
      build.output(build.op('Sub', [up, build.scalar(12582912)]))
    },
    because: undefined,
  })
  itDeclines({
    name: 'leaves factors whose product float32 cannot hold',
    rule: mergeConstantOperands,
    write: (build) => {
      const down = build.op('Mul', [build.input('x', [4]), build.scalar(1e-30)])
      build.output(build.op('Mul', [down, build.scalar(1e-30)]))
    },
    because: undefined,
  })
})
