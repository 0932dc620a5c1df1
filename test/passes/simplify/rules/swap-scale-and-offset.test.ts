import type {AttributeLike} from '../../../../src/ir/attribute.js'
import type {GraphBuilder} from '../../../../src/ir/build.js'
import type {Value} from '../../../../src/ir/value.js'
import {swapScaleAndOffset} from '../../../../src/passes/simplify/rules/swap-scale-and-offset.js'
import {floatFeed, randomFloats} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

const image = {x: floatFeed([2, 4, 6, 6])}

function relu(build: GraphBuilder, shape: readonly (number | string)[]): Value {
  return build.op('Relu', [build.input('x', shape)])
}

function affine(build: GraphBuilder, opType: string, data: Value, operand: readonly number[]): Value {
  const count = operand.reduce((product, size) => product * size, 1)
  const numbers = randomFloats(count, 5).map((value) => value + Math.sign(value) * 0.5)
  return build.op(opType, [data, build.floats(numbers, operand)])
}

function conv(build: GraphBuilder, data: Value, attributes: Record<string, AttributeLike> = {}): Value {
  const perGroup = 4 / Number(attributes.group ?? 1)
  const weight = build.floats(randomFloats(8 * perGroup * 9, 1), [8, perGroup, 3, 3], 'w')
  return build.op('Conv', [data, weight, build.floats(randomFloats(8, 2))], attributes, {outputs: ['y']})
}

describe('swapScaleAndOffset', () => {
  for (const operand of [[], [4, 1, 1]]) {
    itRewrites({
      name: `turns x * s + t with [${operand}] into (x + t/s) * s before a padded Conv`,
      rule: swapScaleAndOffset,
      write: (build) => {
        const data = affine(build, 'Add', affine(build, 'Mul', relu(build, ['N', 4, 6, 6]), operand), operand)
        build.output(conv(build, data, {pads: [1, 1, 1, 1]}))
      },
      feeds: image,
      leaves: ['Relu', 'Add', 'Mul', 'Conv'],
    })
  }
  itDeclines({
    name: 'leaves a factor near zero, whose quotient would swallow the data',
    rule: swapScaleAndOffset,
    write: (build) => {
      const scaled = build.op('Mul', [relu(build, ['N', 4, 6, 6]), build.scalar(1e-9)])
      build.output(conv(build, build.op('Add', [scaled, build.scalar(1)]), {pads: [1, 1, 1, 1]}))
    },
    because: undefined,
  })
})
