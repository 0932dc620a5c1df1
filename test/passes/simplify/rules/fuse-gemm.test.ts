import type {GraphBuilder} from '../../../../src/ir/build.js'
import type {Value} from '../../../../src/ir/value.js'
import {fuseGemm} from '../../../../src/passes/simplify/rules/fuse-gemm.js'
import {floatFeed, randomFloats} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

const feeds = {x: floatFeed([3, 4])}

function product(build: GraphBuilder, shape: readonly (number | string)[] | undefined): Value {
  return build.op('MatMul', [build.input('x', shape), build.floats(randomFloats(24, 1), [4, 6])])
}

function withBias(shape: readonly (number | string)[] | undefined, bias: readonly number[], side = 1) {
  return (build: GraphBuilder) => {
    const count = bias.reduce((all, size) => all * size, 1)
    const operands = [product(build, shape), build.floats(randomFloats(count, 2), bias)]
    build.output(build.op('Add', side === 1 ? operands : operands.reverse(), {}, {outputs: ['y']}))
  }
}

describe('fuseGemm', () => {
  for (const bias of [[6], [1, 6], [1], []]) {
    for (const side of [0, 1]) {
      const name = `joins MatMul and Add of [${bias}] as operand ${side}`
      itRewrites({name, rule: fuseGemm, write: withBias(['N', 4], bias, side), feeds, leaves: ['Gemm']})
    }
  }
  itDeclines({
    name: 'leaves three axes, where integer kernels want MatMul',
    rule: fuseGemm,
    write: withBias(['N', 3, 4], [6]),
    because: undefined,
  })
  itDeclines({
    name: 'leaves an unknown rank',
    rule: fuseGemm,
    write: withBias(undefined, [6]),
    because: /rank of the data is not known/,
  })
  itDeclines({
    name: 'leaves a bias per row',
    rule: fuseGemm,
    write: withBias([3, 4], [3, 1]),
    because: /does not run along the columns/,
  })
  itDeclines({
    name: 'leaves a product with other readers',
    rule: fuseGemm,
    write: (build) => {
      const y = product(build, ['N', 4])
      build.output(build.op('Add', [y, build.floats(randomFloats(6))]))
      build.output(build.op('Abs', [y]))
    },
    because: /other consumers/,
  })
  itDeclines({
    name: 'leaves a residual Add',
    rule: fuseGemm,
    write: (build) => build.output(build.op('Add', [product(build, ['N', 4]), build.input('z', ['N', 6])])),
    because: undefined,
  })
})
