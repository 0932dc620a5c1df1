import {expect} from 'chai'
import {float} from '../../../../src/ir/attribute.js'
import {GraphBuilder} from '../../../../src/ir/build.js'
import {Graph} from '../../../../src/ir/graph.js'
import {readFloat32} from '../../../../src/ir/tensor.js'
import type {Value} from '../../../../src/ir/value.js'
import {foldIntoWeights} from '../../../../src/passes/simplify/rules/fold-into-weights.js'
import {apply, floatFeed, modelOf, onlyNode, randomFloats, type Write} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

type Source = (build: GraphBuilder) => Value

function conv(build: GraphBuilder, attributes: Record<string, number | number[]> = {}, inputs = 4, bias = true): Value {
  const perGroup = inputs / Number(attributes.group ?? 1)
  const weight = build.floats(randomFloats(6 * perGroup * 9, 1), [6, perGroup, 3, 3], 'w')
  const x = build.input('x', ['N', inputs, 6, 6])
  return build.op('Conv', [x, weight, ...(bias ? [build.floats(randomFloats(6, 2))] : [])], attributes)
}

function convTranspose(group: number, bias: boolean): Source {
  return (build) => {
    const weight = build.floats(randomFloats(4 * (6 / group) * 4, 1), [4, 6 / group, 2, 2], 'w')
    const inputs = [build.input('x', ['N', 4, 6, 6]), weight, ...(bias ? [build.floats(randomFloats(6, 2))] : [])]
    return build.op('ConvTranspose', inputs, {group, strides: [2, 2]})
  }
}

function gemm(attributes: Parameters<GraphBuilder['op']>[2], biasShape: number[] | undefined): Source {
  return (build) => {
    const transB = attributes?.transB === 1
    const weight = build.floats(randomFloats(24, 1), transB ? [6, 4] : [4, 6], 'w')
    const count = biasShape?.reduce((product, size) => product * size, 1) ?? 0
    const bias = biasShape ? [build.floats(randomFloats(count, 2), biasShape)] : []
    return build.op('Gemm', [build.input('x', ['N', 4]), weight, ...bias], attributes)
  }
}

function matMul(bias: boolean, shape: (string | number)[] = ['N', 3, 4]): Source {
  return (build) => {
    const product = build.op('MatMul', [build.input('x', shape), build.floats(randomFloats(24, 1), [4, 6], 'w')])
    return bias ? build.op('Add', [build.floats(randomFloats(6, 2)), product]) : product
  }
}

function followedBy(
  source: Source,
  opType: string,
  operand: readonly number[],
  side: 'left' | 'right' = 'right',
): Write {
  return (build) => {
    const count = operand.reduce((product, size) => product * size, 1)
    const constant = build.floats(
      randomFloats(count, 5).map((value) => value + Math.sign(value) * 0.5),
      operand,
    )
    const y = source(build)
    build.output(build.op(opType, side === 'right' ? [y, constant] : [constant, y], {}, {outputs: ['y']}))
  }
}

const image = {x: floatFeed([2, 4, 6, 6])}
const rule = foldIntoWeights

describe('foldIntoWeights', () => {
  for (const opType of ['Mul', 'Div', 'Add', 'Sub']) {
    for (const operand of [[6, 1, 1], [1, 6, 1, 1], [1], []]) {
      const write = followedBy((build) => conv(build), opType, operand)
      itRewrites({name: `Conv and ${opType} by [${operand}]`, rule, write, feeds: image, leaves: ['Conv']})
    }
    for (const attributes of [{group: 2}, {pads: [1, 1, 1, 1], strides: [2, 2]}]) {
      const write = followedBy((build) => conv(build, attributes, 4, false), opType, [6, 1, 1])
      const name = `Conv ${JSON.stringify(attributes)} without bias and ${opType}`
      itRewrites({name, rule, write, feeds: image, leaves: ['Conv']})
    }
    for (const group of [1, 2]) {
      for (const bias of [true, false]) {
        const write = followedBy(convTranspose(group, bias), opType, [6, 1, 1])
        const name = `ConvTranspose of ${group} groups ${bias ? 'with' : 'without'} bias and ${opType}`
        itRewrites({name, rule, write, feeds: image, leaves: ['ConvTranspose']})
      }
    }
  }

  const rows = {x: floatFeed([3, 4])}
  for (const attributes of [{}, {transB: 1}, {alpha: float(0.5), beta: float(2), transB: 1}]) {
    for (const bias of [undefined, [6], [1, 6], [1]]) {
      const name = `Gemm ${Object.keys(attributes)} with bias [${bias ?? 'none'}] and`
      for (const opType of ['Mul', 'Sub']) {
        const write = followedBy(gemm(attributes, bias), opType, [6])
        itRewrites({name: `${name} ${opType}`, rule, write, feeds: rows, leaves: ['Gemm']})
      }
    }
  }

  const sequence = {x: floatFeed([2, 3, 4])}
  itRewrites({
    name: 'MatMul and Mul',
    rule,
    write: followedBy(matMul(false), 'Mul', [6]),
    feeds: sequence,
    leaves: ['MatMul'],
  })
  for (const opType of ['Mul', 'Div', 'Add', 'Sub']) {
    const write = followedBy(matMul(true), opType, [6])
    itRewrites({name: `MatMul with a bias and ${opType}`, rule, write, feeds: sequence, leaves: ['MatMul', 'Add']})
  }
  itRewrites({
    name: 'a constant minus a Conv',
    rule,
    write: followedBy((build) => conv(build), 'Sub', [6, 1, 1], 'left'),
    feeds: image,
    leaves: ['Conv'],
  })
  itRewrites({
    name: 'BatchNormalization after MatMul, which shrinks to an Add',
    rule,
    write: (build) => {
      const y = matMul(false, ['N', 4])(build)
      const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((seed) =>
        build.floats(randomFloats(6, seed).map(Math.abs)),
      )
      build.output(build.op('BatchNormalization', [y, gamma, beta, mean, variance], {}, {outputs: ['y']}))
    },
    feeds: rows,
    leaves: ['MatMul', 'Add'],
  })
  itRewrites({
    name: 'a chain of Mul, Add, Div in one pass',
    rule,
    write: (build) => {
      const scaled = build.op('Mul', [conv(build), build.floats([0.3])])
      const moved = build.op('Add', [scaled, build.floats(randomFloats(6, 3), [6, 1, 1])])
      build.output(build.op('Div', [moved, build.scalar(7)], {}, {outputs: ['y']}))
    },
    feeds: image,
    leaves: ['Conv'],
  })

  it('joins factors in double precision before the weight is rounded', async () => {
    const model = modelOf((build) => {
      const first = build.op('Mul', [conv(build, {}, 4, false), build.scalar(1 / 3)])
      build.output(build.op('Mul', [first, build.scalar(3)]))
    })
    const before = Float32Array.from(readFloat32(onlyNode(model, 'Conv').inputs[1]?.constant as never))
    await apply(foldIntoWeights, model)
    const after = readFloat32(onlyNode(model, 'Conv').inputs[1]?.constant as never)
    const joined = Math.fround(1 / 3) * 3
    expect(after).to.deep.equal(before.map((value) => value * joined))
  })

  const declines: readonly (readonly [string, Write, RegExp | undefined])[] = [
    [
      'a Conv with two consumers',
      (build) => {
        const y = conv(build)
        build.output(build.op('Add', [build.op('Mul', [y, build.scalar(2)]), y]))
      },
      /the Conv has other consumers/,
    ],
    [
      'a Conv whose result is a graph output',
      (build) => build.output(build.op('Mul', [build.output(conv(build)), build.scalar(2)])),
      /is a graph output/,
    ],
    [
      'a weight that another node reads',
      (build) => {
        const y = conv(build)
        build.output(build.op('Mul', [y, build.scalar(2)]))
        build.output(build.op('Relu', [y.producer?.inputs[1]]))
      },
      /the weight is shared/,
    ],
    ['a constant per column', followedBy((build) => conv(build), 'Mul', [4]), /does not run along the 6 channels/],
    ['a constant with more axes', followedBy((build) => conv(build), 'Mul', [1, 1, 6, 1, 1]), /more axes/],
    ['a division by zero', (build) => build.output(build.op('Div', [conv(build), build.scalar(0)])), /not all finite/],
    [
      'a division of a constant',
      followedBy((build) => conv(build), 'Div', [6, 1, 1], 'left'),
      /the data is its divisor/,
    ],
    ['a bias of a MatMul, which has no place for it', followedBy(matMul(false), 'Add', [6]), undefined],
    [
      'two computed operands',
      (build) => build.output(build.op('Mul', [conv(build), build.input('s', [6, 1, 1])])),
      undefined,
    ],
    [
      'a computed weight',
      (build) => {
        const weight = build.op('Abs', [build.input('w', [6, 4, 3, 3])])
        const y = build.op('Conv', [build.input('x', ['N', 4, 6, 6]), weight])
        build.output(build.op('Mul', [y, build.scalar(2)]))
      },
      undefined,
    ],
    [
      'a Gemm whose bias is a matrix',
      (build) => {
        const weight = build.floats(randomFloats(24, 1), [4, 6])
        const y = build.op('Gemm', [build.input('x', [2, 4]), weight, build.floats(randomFloats(12, 2), [2, 6])])
        build.output(build.op('Mul', [y, build.scalar(2)]))
      },
      /its bias is not a constant with one number per channel/,
    ],
    [
      'BatchNormalization over the positions of a MatMul',
      (build) => {
        const y = matMul(false, [2, 6, 4])(build)
        const [a, b, c, d] = [1, 2, 3, 4].map((seed) => build.floats(randomFloats(6, seed).map(Math.abs)))
        build.output(build.op('BatchNormalization', [y, a, b, c, d]))
      },
      /its channels are not those of the weight/,
    ],
    [
      'what stands inside a branch',
      (build) => {
        const y = conv(build)
        const branch = (factor: number) => {
          const inner = new GraphBuilder(new Graph(`by${factor}`, build.graph))
          inner.output(inner.op('Mul', [factor > 1 ? y : inner.floats([1], [1, 1, 1, 1]), inner.scalar(factor)]))
          return inner.graph
        }
        const branches = {then_branch: branch(2), else_branch: branch(1)}
        build.output(build.op('If', [build.input('c', [], 'bool')], branches))
      },
      /outside its branch/,
    ],
  ]
  for (const [name, write, because] of declines) itDeclines({name: `leaves ${name}`, rule, write, because})
})
