import {expect} from 'chai'
import {floatFeed} from '../../support/pass-trial.js'
import {itMeansTheSame, upgradedNodes} from '../../support/upgrade-trial.js'

const REDUCTIONS = ['L1', 'L2', 'LogSum', 'LogSumExp', 'Max', 'Mean', 'Min', 'Prod', 'Sum', 'SumSquare']
const feeds = {x: floatFeed([2, 1, 3, 4])}

describe('intsToInput', () => {
  for (const kind of REDUCTIONS) {
    // the logarithm of a sum needs positive numbers
    const type = `Reduce${kind}`
    for (const attributes of [{axes: [1, 3], keepdims: 0}, {axes: [2]}, {}, {keepdims: 0}]) {
      itMeansTheSame({
        name: `${type} ${JSON.stringify(attributes)}`,
        opset: 7,
        feeds,
        write: (build) => build.output(build.op(type, [build.op('Exp', [build.input('x', [2, 1, 3, 4])])], attributes)),
      })
    }
  }

  for (const [type, axes] of [
    ['Squeeze', [1]],
    ['Squeeze', undefined],
    ['Unsqueeze', [0, 2]],
  ] as const) {
    itMeansTheSame({
      name: `${type} ${axes ?? 'without axes'}`,
      opset: 7,
      feeds,
      write: (build) => build.output(build.op(type, [build.input('x', [2, 1, 3, 4])], axes && {axes})),
    })
  }

  for (const type of ['Squeeze', 'ReduceMax']) {
    itMeansTheSame({
      name: `${type} from the end`,
      opset: 11,
      feeds,
      write: (build) => build.output(build.op(type, [build.input('x', [2, 1, 3, 4])], {axes: [-3]})),
    })
  }

  for (const attributes of [{axis: 3, split: [1, 3]}, {axis: 3}, {axis: 0, split: [1, 1]}]) {
    itMeansTheSame({
      name: `Split ${JSON.stringify(attributes)}`,
      opset: 7,
      feeds,
      write: (build) => {
        const {outputs} = build.node('Split', [build.input('x', [2, 1, 3, 4])], attributes, {outputs: 2})
        for (const value of outputs) if (value) build.output(value)
      },
    })
  }

  it('leaves no attribute behind, and no input where there was none', async () => {
    const nodes = await upgradedNodes(
      (build) => {
        const x = build.input('x', [2, 1, 3, 4])
        build.output(build.op('ReduceMean', [x], {axes: [1]}))
        build.output(build.op('ReduceMean', [x]))
        build.output(build.op('Split', [x], {axis: 0}, {outputs: 2}))
      },
      7,
      18,
    )
    expect(nodes.map((node) => node.attributes.has('axes'))).to.deep.equal([false, false, false])
    expect(nodes.map(({inputs}) => inputs.length)).to.deep.equal([2, 1, 1])
    expect(nodes[2]?.int('num_outputs', 0)).to.equal(2)
  })
})
