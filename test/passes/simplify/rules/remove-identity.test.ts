import {expect} from 'chai'
import {GraphBuilder} from '../../../../src/ir/build.js'
import {Graph} from '../../../../src/ir/graph.js'
import {removeIdentity} from '../../../../src/passes/simplify/rules/remove-identity.js'
import {apply, compareAround, floatFeed, modelOf, opTypes, type Write} from '../../../support/pass-trial.js'

describe('removeIdentity', () => {
  it('joins readers to the input, through chains and for several readers', async () => {
    const write: Write = (build) => {
      const copy = build.op('Identity', [build.op('Identity', [build.input('x', [4])])])
      build.output(build.op('Add', [copy, build.op('Relu', [copy])], {}, {outputs: ['y']}))
    }
    const {model, report, maxAbs} = await compareAround(write, {x: floatFeed([4])}, () => removeIdentity)
    expect(opTypes(model)).to.deep.equal(['Relu', 'Add'])
    expect(report.changed).to.have.length(2)
    expect(maxAbs).to.equal(0)
  })

  it('keeps an Identity that names a graph output, and says so', async () => {
    const model = modelOf((build) => {
      build.output(build.op('Identity', [build.input('x', [4])]))
    })
    const report = await apply(removeIdentity, model)
    expect(report.changed).to.be.empty
    expect(report.skipped[0]?.reason).to.equal('it names a graph output')
  })

  it('works inside branches, at their end too', async () => {
    const write: Write = (build) => {
      const x = build.input('x', [4])
      const branch = (name: string) => {
        const graph = new Graph(name, build.graph)
        const inner = new GraphBuilder(graph)
        inner.output(inner.op('Identity', [inner.op('Abs', [inner.op('Identity', [x])])]))
        return graph
      }
      const condition = build.scalar(1, 'bool')
      build.output(build.op('If', [condition], {then_branch: branch('t'), else_branch: branch('e')}, {outputs: ['y']}))
    }
    const {model, maxAbs} = await compareAround(write, {x: floatFeed([4])}, () => removeIdentity)
    expect(opTypes(model)).to.deep.equal(['If', 'Abs', 'Abs'])
    expect(maxAbs).to.equal(0)
  })

  it('keeps the one by which a branch returns what it captured: a branch must compute its outputs', async () => {
    const write: Write = (build) => {
      const x = build.input('x', [4])
      const branch = (name: string) => {
        const graph = new Graph(name, build.graph)
        const inner = new GraphBuilder(graph)
        inner.output(inner.op('Identity', [x]))
        return graph
      }
      const condition = build.scalar(1, 'bool')
      build.output(build.op('If', [condition], {then_branch: branch('t'), else_branch: branch('e')}, {outputs: ['y']}))
    }
    const {model, maxAbs} = await compareAround(write, {x: floatFeed([4])}, () => removeIdentity)
    expect(opTypes(model)).to.deep.equal(['If', 'Identity', 'Identity'])
    expect(maxAbs).to.equal(0)
  })

  it('leaves an operator of the same name in another domain alone', async () => {
    const model = modelOf((build) => {
      const copy = build.op('Identity', [build.input('x', [4])], {}, {domain: 'my.domain'})
      build.output(build.op('Relu', [copy]))
    })
    await apply(removeIdentity, model)
    expect(opTypes(model)).to.deep.equal(['Identity', 'Relu'])
  })
})
