import {expect} from 'chai'
import {GraphBuilder} from '../../../../src/ir/build.js'
import {Graph} from '../../../../src/ir/graph.js'
import {removeDead} from '../../../../src/passes/simplify/rules/remove-dead.js'
import {apply, compareAround, floatFeed, modelOf, opTypes, type Write} from '../../../support/pass-trial.js'

describe('removeDead', () => {
  it('removes chains and constants that no output depends on, and keeps the inputs', async () => {
    const write: Write = (build) => {
      const [x, unused] = [build.input('x', [4]), build.input('unused', [4])]
      build.op('Relu', [build.op('Mul', [unused, build.floats([2])])])
      build.output(build.op('Abs', [x], {}, {outputs: ['y']}))
    }
    const feeds = {x: floatFeed([4]), unused: floatFeed([4])}
    const {model, report, maxAbs} = await compareAround(write, feeds, () => removeDead)
    expect(opTypes(model)).to.deep.equal(['Abs'])
    expect(report.changed.map(({op}) => op)).to.deep.equal(['Relu', 'Mul'])
    expect(model.graph.constants()).to.be.empty
    expect(model.graph.inputs.map(({name}) => name)).to.deep.equal(['x', 'unused'])
    expect(maxAbs).to.equal(0)
  })

  it('keeps what only a branch captures, and sweeps inside the branch', async () => {
    const model = modelOf((build) => {
      const captured = build.op('Abs', [build.input('x', [4])])
      const branch = (name: string, value: typeof captured) => {
        const graph = new Graph(name, build.graph)
        const inner = new GraphBuilder(graph)
        inner.op('Neg', [value])
        inner.output(inner.op('Relu', [value]))
        return graph
      }
      const branches = {then_branch: branch('t', captured), else_branch: branch('e', captured)}
      build.output(build.op('If', [build.scalar(1, 'bool')], branches))
    })
    await apply(removeDead, model)
    expect(opTypes(model)).to.deep.equal(['Abs', 'If', 'Relu', 'Relu'])
  })

  it('lets go of what a dead branch captured', async () => {
    const model = modelOf((build) => {
      const x = build.input('x', [4])
      const captured = build.op('Abs', [x])
      const branch = (name: string) => {
        const graph = new Graph(name, build.graph)
        const inner = new GraphBuilder(graph)
        inner.output(inner.op('Relu', [captured]))
        return graph
      }
      build.op('If', [build.scalar(1, 'bool')], {then_branch: branch('t'), else_branch: branch('e')})
      build.output(build.op('Neg', [x]))
    })
    await apply(removeDead, model)
    expect(opTypes(model)).to.deep.equal(['Neg'])
  })

  it('changes nothing the second time', async () => {
    const model = modelOf((build) => {
      build.op('Neg', [build.input('x', [4])])
      build.output(build.op('Abs', [build.graph.inputs[0]]))
    })
    await apply(removeDead, model)
    expect((await apply(removeDead, model)).changed).to.be.empty
  })
})
