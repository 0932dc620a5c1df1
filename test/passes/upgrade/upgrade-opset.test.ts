import {expect} from 'chai'
import {float} from '../../../src/ir/attribute.js'
import {GraphBuilder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import {emptyModel} from '../../../src/ir/model.js'
import {upgradeOpset} from '../../../src/passes/upgrade/upgrade-opset.js'
import {apply, floatFeed, modelOf, type Write} from '../../support/pass-trial.js'
import {itMeansTheSame, refusalOf} from '../../support/upgrade-trial.js'

/** If inside If; the inner branch clips and sums what the outer graph feeds. */
const nested: Write = (build) => {
  const x = build.input('x', [2, 3])
  const inner = (parent: Graph, write: (build: GraphBuilder) => void): Graph => {
    const graph = new Graph('branch', parent)
    write(new GraphBuilder(graph))
    return graph
  }
  const condition = build.op('Greater', [build.op('ReduceSum', [x], {keepdims: 0}), build.scalar(0)])
  const then_branch = inner(build.graph, (outer) => {
    const clipped = inner(outer.graph, (branch) =>
      branch.output(branch.op('Clip', [x], {min: float(-0.25), max: float(0.5)})),
    )
    const summed = inner(outer.graph, (branch) => branch.output(branch.op('Softmax', [x], {axis: 0})))
    outer.output(outer.op('If', [condition], {then_branch: clipped, else_branch: summed}))
  })
  const else_branch = inner(build.graph, (outer) => outer.output(outer.op('Softmax', [x], {axis: 0})))
  build.output(build.op('If', [condition], {then_branch, else_branch}))
}

describe('upgradeOpset', () => {
  itMeansTheSame({name: 'subgraphs in subgraphs', opset: 10, write: nested, feeds: {x: floatFeed([2, 3], 3)}})
  itMeansTheSame({name: 'the other branch', opset: 10, write: nested, feeds: {x: floatFeed([2, 3], 1)}})

  it('reports every node it rewrote and the version that asked for it', async () => {
    const model = modelOf((build) => {
      const x = build.input('x', [2, 3])
      const clipped = build.op('Clip', [x], {max: float(1)}, {name: 'clip'})
      build.output(build.op('Relu', [build.op('ReduceSum', [clipped], {axes: [1]}, {name: 'sum'})]))
    }, 9)
    const report = await apply(upgradeOpset({from: 9, to: 13}), model)
    expect(report.changed).to.deep.equal([
      {rule: 'upgrade-opset', node: 'clip', op: 'Clip', to: 'opset 11'},
      {rule: 'upgrade-opset', node: 'sum', op: 'ReduceSum', to: 'opset 13'},
    ])
  })

  it('leaves operators of other domains alone', async () => {
    const graph = new Graph()
    const build = new GraphBuilder(graph)
    build.output(build.op('Clip', [build.input('x', [2])], {min: float(0)}, {domain: 'my.own'}))
    const report = await apply(upgradeOpset({from: 7, to: 26}), emptyModel(graph, 7))
    expect(report.changed).to.deep.equal([])
    expect(graph.nodes()[0]?.attributes.has('min')).to.equal(true)
  })

  it('refuses an operator that the standard domain does not have', async () => {
    const write: Write = (build) => build.output(build.op('Clamp', [build.input('x', [2])], {}, {name: 'c'}))
    expect(await refusalOf(write, 11, 13)).to.equal(
      "Clamp 'c': no upgrade rule, because it is no operator of the standard domain that mopt knows",
    )
  })

  it('refuses the experiments of the first opsets, and says why', async () => {
    const write: Write = (build) => build.output(build.op('ScaledTanh', [build.input('x', [2])]))
    expect(await refusalOf(write, 9, 13)).to.contain('an experiment of the first opsets')
  })
})
