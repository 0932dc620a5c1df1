import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {GraphBuilder} from '../../../../src/ir/build.js'
import {Graph} from '../../../../src/ir/graph.js'
import type {Value} from '../../../../src/ir/value.js'
import {inlineIf} from '../../../../src/passes/simplify/rules/inline-if.js'
import {apply, floatFeed, modelOf, opTypes} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'
import {runGraph} from '../../../support/run-graph.js'

type Body = (inner: GraphBuilder) => Value[]

function choose(build: GraphBuilder, condition: Value, yes: Body, no: Body, outputs: readonly string[]): Value[] {
  const [then_branch, else_branch] = [yes, no].map((write) => {
    const graph = new Graph('branch', build.graph)
    for (const value of write(new GraphBuilder(graph))) graph.addOutput(value)
    return graph
  }) as [Graph, Graph]
  return build.node('If', [condition], {then_branch, else_branch}, {outputs}).outputs as Value[]
}

describe('inlineIf', () => {
  for (const [condition, leaves] of [
    [1, ['Mul', 'Abs']],
    [0, ['Neg', 'Abs']],
  ] as const) {
    itRewrites({
      name: `takes the ${condition ? 'then' : 'else'} branch, its weights and captures with it`,
      rule: inlineIf,
      write: (build) => {
        const x = build.input('x', [3])
        const yes: Body = (inner) => [inner.op('Mul', [x, inner.floats([1, 2, 3])])]
        const no: Body = (inner) => [inner.op('Neg', [x])]
        const [chosen] = choose(build, build.scalar(condition, 'bool'), yes, no, ['chosen'])
        build.output(build.op('Abs', [chosen], {}, {outputs: ['y']}))
      },
      feeds: {x: floatFeed([3])},
      leaves,
    })
  }
  it('keeps the names of graph outputs, where one value serves two of them too', async () => {
    const model = modelOf((build) => {
      const x = build.input('x', [3])
      const same: Body = (inner) => {
        const y = inner.op('Neg', [x])
        return [y, y, inner.op('Abs', [x])]
      }
      for (const value of choose(build, build.scalar(1, 'bool'), same, same, ['a', 'b', 'c'])) build.output(value)
    })
    await apply(inlineIf, model)
    expect(opTypes(model)).to.deep.equal(['Neg', 'Abs', 'Identity'])
    // ONNX Runtime 1.30 gives zeros for 'a' before: it cannot return one value of a branch twice
    const results = await runGraph(model, {x: new OrtTensor('float32', Float32Array.of(1, -2, 3), [3])})
    expect(Object.values(results).map(({data}) => Array.from(data))).to.deep.equal([
      [-1, 2, -3],
      [-1, 2, -3],
      [1, 2, 3],
    ])
  })
  itRewrites({
    name: 'goes down level by level',
    rule: inlineIf,
    write: (build) => {
      const x = build.input('x', [3])
      const no: Body = (inner) => [inner.op('Abs', [x])]
      const deep: Body = (inner) => {
        const doubled = inner.op('Add', [x, x])
        return choose(inner, inner.scalar(0, 'bool'), no, (most) => [most.op('Mul', [doubled, x])], ['inner'])
      }
      const [chosen] = choose(build, build.scalar(1, 'bool'), deep, no, ['chosen'])
      build.output(build.op('Relu', [chosen], {}, {outputs: ['y']}))
    },
    feeds: {x: floatFeed([3])},
    leaves: ['Add', 'If', 'Abs', 'Mul', 'Relu'],
  })
  itDeclines({
    name: 'leaves a condition that is an input',
    rule: inlineIf,
    write: (build) => {
      const x = build.input('x', [3])
      const body: Body = (inner) => [inner.op('Abs', [x])]
      build.output(choose(build, build.input('c', [], 'bool'), body, body, ['y'])[0] as Value)
    },
    because: undefined,
  })

  it('leaves nodes their names', async () => {
    const model = modelOf((build) => {
      const x = build.input('x', [3])
      const body: Body = (inner) => [inner.op('Abs', [x], {}, {name: '/layer/Abs', outputs: ['inside']})]
      build.output(
        build.op(
          'Neg',
          choose(build, build.scalar(1, 'bool'), body, (inner) => [inner.op('Relu', [x])], ['y']),
        ),
      )
    })
    await apply(inlineIf, model)
    const [abs] = model.graph.nodes()
    expect([abs?.name, abs?.namedInFile, abs?.outputs[0]?.name]).to.deep.equal(['/layer/Abs', true, 'inside'])
  })
})
