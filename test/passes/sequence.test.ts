import {expect} from 'chai'
import {BugError, UnsupportedError} from '../../src/errors.js'
import {Graph} from '../../src/ir/graph.js'
import type {Pass} from '../../src/passes/pass.js'
import {sequence} from '../../src/passes/sequence.js'
import {modelOf} from '../support/pass-trial.js'

function passOf(name: string): Pass & {calls: number} {
  const pass = {
    name,
    calls: 0,
    run: () => {
      pass.calls++
      return {changed: [{rule: name}], skipped: [{node: `${name}${pass.calls}`, op: 'Add', reason: 'no reason'}]}
    },
  }
  return pass
}

describe('sequence', () => {
  it('runs passes in order and joins what they report', async () => {
    const both = sequence(passOf('a'), passOf('b'))
    expect(both.name).to.equal('a, b')
    const {changed, skipped} = await both.run(new Graph())
    expect(changed.map(({rule}) => rule)).to.deep.equal(['a', 'b'])
    expect(skipped.map(({node}) => node)).to.deep.equal(['a1', 'b1'])
  })

  it('says in the cause which pass threw, and what ran before', async () => {
    const fault = new UnsupportedError('no rule for it', {cause: new Error('as known before')})
    const broken: Pass = {
      name: 'broken',
      run: () => {
        throw fault
      },
    }
    const thrown = async (...passes: Pass[]) => {
      const run = Promise.resolve(sequence(...passes).run(new Graph()))
      return run.then(
        () => undefined,
        (error: unknown) => error,
      )
    }
    expect(await thrown(passOf('a'), passOf('b'), broken, passOf('c'))).to.equal(fault)
    expect(fault).to.include({message: 'no rule for it', code: 'UNSUPPORTED'})
    const cause = fault.cause as Error
    expect(cause.message).to.equal("in pass 'broken', after 'a', 'b'")
    expect((cause.cause as Error).message).to.equal('as known before')
    await thrown(broken)
    expect((fault.cause as Error).message).to.equal("in pass 'broken', the first")
  })

  it('names the pass that broke the graph when MOPT_CHECK is 1', async () => {
    const {graph} = modelOf((build) => {
      build.output(build.op('Relu', [build.input('x', [4])]))
    })
    const vandal: Pass = {
      name: 'vandal',
      run({inputs}) {
        inputs[0]?.uses.clear()
        return {changed: [], skipped: []}
      },
    }
    const before = process.env.MOPT_CHECK
    process.env.MOPT_CHECK = '1'
    try {
      const error = await Promise.resolve(sequence(vandal).run(graph)).catch((reason: unknown) => reason)
      expect(error).to.be.instanceOf(BugError)
      expect((error as BugError).message).to.match(/after pass 'vandal': .*use list/)
    } finally {
      if (before === undefined) delete process.env.MOPT_CHECK
      else process.env.MOPT_CHECK = before
    }
  })
})
