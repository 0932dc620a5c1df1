import {expect} from 'chai'
import {BugError} from '../../src/errors.js'
import {Graph} from '../../src/ir/graph.js'
import type {Pass} from '../../src/passes/pass.js'
import {sequence, untilStable} from '../../src/passes/sequence.js'
import {modelOf} from '../support/pass-trial.js'

function passOf(name: string, rounds: number): Pass & {calls: number} {
  const pass = {
    name,
    calls: 0,
    run: () => {
      pass.calls++
      const changed = pass.calls <= rounds ? [{rule: name}] : []
      return {changed, skipped: [{node: `${name}${pass.calls}`, op: 'Add', reason: 'no reason'}]}
    },
  }
  return pass
}

describe('sequence', () => {
  it('runs passes in order and joins what they report', async () => {
    const both = sequence(passOf('a', 1), passOf('b', 1))
    expect(both.name).to.equal('a, b')
    const {changed, skipped} = await both.run(new Graph())
    expect(changed.map(({rule}) => rule)).to.deep.equal(['a', 'b'])
    expect(skipped.map(({node}) => node)).to.deep.equal(['a1', 'b1'])
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

describe('untilStable', () => {
  it('repeats a pass until it changes nothing, and keeps only the last reasons', async () => {
    const pass = passOf('a', 3)
    const {changed, skipped} = await untilStable(pass, {limit: 10}).run(new Graph())
    expect(pass.calls).to.equal(4)
    expect(changed).to.have.length(3)
    expect(skipped.map(({node}) => node)).to.deep.equal(['a4'])
  })

  it('calls a pass that never settles a bug', async () => {
    const error = await Promise.resolve(untilStable(passOf('a', 99), {limit: 3}).run(new Graph())).catch(
      (reason: unknown) => reason,
    )
    expect(error).to.be.instanceOf(BugError)
    expect((error as BugError).message).to.equal("pass 'a' did not settle within 3 rounds")
  })
})
