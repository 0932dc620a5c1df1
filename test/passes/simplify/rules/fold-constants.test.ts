import {expect} from 'chai'
import {dtypeCode} from '../../../../src/ir/dtype.js'
import {tensorOf} from '../../../../src/ir/tensor.js'
import {foldConstants} from '../../../../src/passes/simplify/rules/fold-constants.js'
import {evaluateInProcess} from '../../../support/evaluate-in-process.js'
import {apply, floatFeed, modelOf, opTypes, randomFloats} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites, passOf} from '../../../support/rule-trial.js'

describe('foldConstants', () => {
  itRewrites({
    name: 'computes a chain of nodes that only constants feed',
    rule: foldConstants,
    write: (build) => {
      const table = build.op('Transpose', [build.floats(randomFloats(12), [3, 4])])
      const scaled = build.op('Mul', [build.op('Exp', [table]), build.floats([1, 2, 3])])
      build.output(build.op('Add', [build.input('x', [4, 3]), scaled], {}, {outputs: ['y']}))
    },
    feeds: {x: floatFeed([4, 3])},
    leaves: ['Add'],
  })
  itRewrites({
    name: 'knows what it cannot infer: NonZero, through nodes whose results are larger',
    rule: foldConstants,
    write: (build) => {
      const mask = build.op('ConstantOfShape', [build.ints([2, 3])], {}, {outputs: ['filled']})
      const where = build.op('NonZero', [build.op('Cos', [mask])])
      const first = build.op('Slice', [where, build.ints([0]), build.ints([1]), build.ints([1])])
      build.output(
        build.op('Add', [build.input('x', [2, 1]), build.op('Cast', [first], {to: 1})], {}, {outputs: ['y']}),
      )
    },
    feeds: {x: floatFeed([2, 1])},
    leaves: ['Add'],
  })
  itDeclines({
    name: 'leaves a result that would make the file grow',
    rule: foldConstants,
    write: (build) => {
      const zeros = build.op('ConstantOfShape', [build.ints([100, 100])])
      build.output(build.op('Add', [build.input('x', [100, 100]), zeros]))
    },
    because: /would grow by \d+ bytes/,
  })
  itDeclines({
    name: 'leaves random numbers',
    rule: foldConstants,
    write: (build) => {
      const noise = build.op('RandomNormal', [], {shape: [2]})
      build.output(build.op('Add', [build.input('x', [2]), noise]))
    },
    because: /random/,
  })
  for (const [name, unpack] of [
    ['DequantizeLinear', (values: readonly unknown[]) => values],
    ['Cast', (values: readonly unknown[]) => values.slice(0, 1)],
  ] as const) {
    itDeclines({
      name: `leaves int8 weights that ${name} unpacks: that form saves space`,
      rule: foldConstants,
      write: (build) => {
        const integers = build.constant(tensorOf('int8', [8, 4], new Int8Array(32).fill(3)))
        const inputs = unpack([integers, build.scalar(0.5)]) as (typeof integers)[]
        const weight = build.op(name, inputs, name === 'Cast' ? {to: dtypeCode('float32')} : {})
        build.output(build.op('MatMul', [build.input('x', [1, 8]), weight]))
      },
      because: /storage form/,
    })
  }
  itDeclines({
    name: 'leaves nodes of a domain it does not know',
    rule: foldConstants,
    write: (build) => {
      const made = build.op('Make', [build.scalar(1)], {}, {domain: 'my.domain'})
      build.output(build.op('Add', [build.input('x', [2]), made]))
    },
    because: /domain my.domain/,
  })

  it('asks once for all of a round, and does not ask again for what was refused', async () => {
    const model = modelOf((build) => {
      const x = build.input('x', [2])
      const sums = [1, 2].map((n) => build.op('Exp', [build.floats([n, n])]))
      for (const sum of sums) build.output(build.op('Add', [x, sum]))
    })
    let questions = 0
    const rule = foldConstants.create({
      opsetOf: () => 17,
      specOf: () => undefined,
      contentsOf: () => undefined,
      versions: model,
      limitBytes: 1000,
      evaluate: async (part) => {
        questions++
        // the second value alone cannot be computed
        const isSecond = part.graph.outputs.some(({name}) => name === model.graph.nodes()[1]?.outputs[0]?.name)
        return isSecond ? {refused: 'no kernel'} : evaluateInProcess(part)
      },
    })
    const report = await apply(rule, model)
    expect(opTypes(model)).to.deep.equal(['Exp', 'Add', 'Add'])
    expect(report.skipped.map(({reason}) => reason)).to.deep.equal(['no kernel'])
    expect(questions).to.equal(3, 'all together, then one by one')
    await apply(rule, model)
    expect(questions).to.equal(3)
  })

  it('grows a file by the limit at most, all values together', async () => {
    const model = modelOf((build) => {
      const x = build.input('x', [64])
      for (const n of [1, 2, 3, 4]) {
        const filled = build.op('Expand', [build.scalar(n), build.ints([64])])
        build.output(build.op('Add', [x, filled]))
      }
    })
    await apply(passOf(foldConstants, model, 450), model)
    expect(opTypes(model).filter((type) => type === 'Expand')).to.have.length(2)
  })
})
