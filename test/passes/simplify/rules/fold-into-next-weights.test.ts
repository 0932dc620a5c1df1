import type {AttributeLike} from '../../../../src/ir/attribute.js'
import {float} from '../../../../src/ir/attribute.js'
import type {GraphBuilder} from '../../../../src/ir/build.js'
import type {Value} from '../../../../src/ir/value.js'
import {foldIntoNextWeights} from '../../../../src/passes/simplify/rules/fold-into-next-weights.js'
import {floatFeed, randomFloats, type Write} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

const rule = foldIntoNextWeights

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

function normalized(build: GraphBuilder): Value {
  const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((seed) => build.floats(randomFloats(4, seed).map(Math.abs)))
  return build.op('BatchNormalization', [relu(build, ['N', 4, 6, 6]), gamma, beta, mean, variance])
}

describe('foldIntoNextWeights', () => {
  for (const opType of ['Mul', 'Div', 'Add', 'Sub']) {
    for (const attributes of [{}, {group: 2}, {group: 4}, {auto_pad: 'VALID'}]) {
      const write: Write = (build) =>
        build.output(conv(build, affine(build, opType, relu(build, ['N', 4, 6, 6]), [4, 1, 1]), attributes))
      const name = `${opType} before Conv ${JSON.stringify(attributes)}`
      itRewrites({name, rule, write, feeds: image, leaves: ['Relu', 'Conv']})
    }
    itRewrites({
      name: `${opType} before Gemm with alpha, beta and transB`,
      rule,
      write: (build) => {
        const data = affine(build, opType, relu(build, ['N', 4]), [4])
        const operands = [data, build.floats(randomFloats(24, 1), [6, 4]), build.floats(randomFloats(6, 2))]
        const attributes = {alpha: float(0.5), beta: float(3), transB: 1}
        build.output(build.op('Gemm', operands, attributes, {outputs: ['y']}))
      },
      feeds: {x: floatFeed([3, 4])},
      leaves: ['Relu', 'Gemm'],
    })
    itRewrites({
      name: `${opType} before MatMul with a bias`,
      rule,
      write: (build) => {
        const data = affine(build, opType, relu(build, ['N', 3, 4]), [4])
        const product = build.op('MatMul', [data, build.floats(randomFloats(24, 1), [4, 6])])
        build.output(build.op('Add', [product, build.floats(randomFloats(6, 2))], {}, {outputs: ['y']}))
      },
      feeds: {x: floatFeed([2, 3, 4])},
      leaves: ['Relu', 'MatMul', 'Add'],
    })
  }
  for (const group of [1, 2]) {
    itRewrites({
      name: `Mul before ConvTranspose of ${group} groups`,
      rule,
      write: (build) => {
        const data = affine(build, 'Mul', relu(build, ['N', 4, 6, 6]), [4, 1, 1])
        const weight = build.floats(randomFloats(4 * (6 / group) * 4, 1), [4, 6 / group, 2, 2])
        build.output(build.op('ConvTranspose', [data, weight], {group}, {outputs: ['y']}))
      },
      feeds: image,
      leaves: ['Relu', 'ConvTranspose'],
    })
  }
  itRewrites({
    name: 'a factor before a padded Conv: zeros stay zeros',
    rule,
    write: (build) => {
      const data = affine(build, 'Mul', relu(build, ['N', 4, 6, 6]), [])
      build.output(conv(build, data, {pads: [1, 1, 1, 1]}))
    },
    feeds: image,
    leaves: ['Relu', 'Conv'],
  })
  itRewrites({
    name: 'BatchNormalization before a Conv without padding',
    rule,
    write: (build) => build.output(conv(build, normalized(build))),
    feeds: image,
    leaves: ['Relu', 'Conv'],
  })

  const declines: readonly (readonly [string, Write, RegExp | undefined])[] = [
    [
      'BatchNormalization before a padded Conv',
      (build) => build.output(conv(build, normalized(build), {pads: [0, 0, 1, 1]})),
      /pads with zeros/,
    ],
    [
      'an offset before a Conv that pads by auto_pad',
      (build) => {
        const data = affine(build, 'Add', relu(build, ['N', 4, 6, 6]), [])
        build.output(conv(build, data, {auto_pad: 'SAME_UPPER'}))
      },
      /pads with zeros/,
    ],
    [
      'an offset before a ConvTranspose',
      (build) => {
        const data = affine(build, 'Add', relu(build, ['N', 4, 6, 6]), [])
        build.output(build.op('ConvTranspose', [data, build.floats(randomFloats(96, 1), [4, 6, 2, 2])]))
      },
      /not reach every output/,
    ],
    [
      'an offset before a MatMul without a bias',
      (build) => {
        const data = affine(build, 'Add', relu(build, ['N', 3, 4]), [4])
        build.output(build.op('MatMul', [data, build.floats(randomFloats(24, 1), [4, 6])]))
      },
      /has no bias/,
    ],
    [
      'what has other readers',
      (build) => {
        const data = affine(build, 'Mul', relu(build, ['N', 4, 6, 6]), [])
        build.output(conv(build, data))
        build.output(build.op('Abs', [data]))
      },
      /not its only consumer/,
    ],
    [
      'the end of a layer normalization, which the runtime fuses',
      (build) => {
        const x = build.input('x', ['N', 3, 4])
        const difference = build.op('Sub', [x, build.op('ReduceMean', [x], {axes: [-1]})])
        const variance = build.op('ReduceMean', [build.op('Mul', [difference, difference])], {axes: [-1]})
        const root = build.op('Sqrt', [build.op('Add', [variance, build.scalar(1e-5)])])
        const scaled = affine(build, 'Mul', build.op('Div', [difference, root]), [4])
        build.output(build.op('MatMul', [scaled, build.floats(randomFloats(24, 1), [4, 6])]))
      },
      undefined,
    ],
  ]
  for (const [name, write, because] of declines) itDeclines({name: `leaves ${name}`, rule, write, because})
})
