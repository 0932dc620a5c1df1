import {expect} from 'chai'
import {GraphBuilder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import {floatFeed, type Write} from '../../support/pass-trial.js'
import {itMeansTheSame, refusalOf, upgradedNodes} from '../../support/upgrade-trial.js'

/** Running sums of a batch of sequences, from a state on; the body also reads a value of the outer graph. */
function runningSum(directions: readonly number[] | undefined, lengths: boolean): Write {
  return (build) => {
    const body = new Graph('body', build.graph)
    const inner = new GraphBuilder(body)
    const [state, element] = [inner.input('state', [2]), inner.input('element', [2])]
    const sum = inner.op('Add', [inner.op('Mul', [state, build.scalar(0.5, 'float32', 'decay')]), element])
    inner.output(sum)
    inner.output(inner.op('Clip', [sum], {min: {type: 'float', value: -0.5}}))
    const start = build.input('start', ['B', 2])
    const sequences = build.input('x', ['B', 3, 2])
    const attributes = {body, num_scan_inputs: 1, ...(directions && {directions})}
    const inputs = [lengths ? build.ints([2, 3]) : undefined, start, sequences]
    const {outputs} = build.node('Scan', inputs, attributes, {name: 'scan', outputs: 2})
    for (const value of outputs) if (value) build.output(value)
  }
}

describe('scanBatches', () => {
  const feeds = {start: floatFeed([2, 2], 3), x: floatFeed([2, 3, 2], 4)}
  itMeansTheSame({name: 'forward', opset: 8, feeds, write: runningSum(undefined, false)})
  itMeansTheSame({name: 'backward', opset: 8, feeds, write: runningSum([1], false)})

  it('wraps the body, whose nodes are upgraded too', async () => {
    const nodes = await upgradedNodes(runningSum(undefined, false), 8, 13)
    expect(nodes.map(({opType}) => opType)).to.deep.equal(['Scan', 'Scan', 'Mul', 'Add', 'Clip'])
    expect(nodes[0]?.name).to.equal('scan')
    expect(nodes[4]?.inputs).to.have.length(2)
  })

  it('refuses sequences of different lengths', async () => {
    expect(await refusalOf(runningSum(undefined, true), 8, 9)).to.contain('lengths of their own')
  })
})
