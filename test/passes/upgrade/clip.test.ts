import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {float} from '../../../src/ir/attribute.js'
import {GraphBuilder} from '../../../src/ir/build.js'
import {Graph} from '../../../src/ir/graph.js'
import {emptyModel} from '../../../src/ir/model.js'
import {upgradeOpset} from '../../../src/passes/upgrade/upgrade-opset.js'
import {floatFeed} from '../../support/pass-trial.js'
import {itMeansTheSame, upgradedNodes} from '../../support/upgrade-trial.js'

/** Numbers that float16 holds exactly. */
const EIGHTHS = Float32Array.from({length: 12}, (_, i) => (i - 6) / 8)

const feeds = {x: floatFeed([3, 4])}

describe('boundsToInputs', () => {
  for (const [name, attributes] of [
    ['both bounds', {min: float(-0.5), max: float(0.25)}],
    ['min alone', {min: float(0)}],
    ['max alone', {max: float(0.125)}],
    ['no bounds', {}],
  ] as const) {
    itMeansTheSame({
      name,
      opset: 7,
      feeds,
      write: (build) => build.output(build.op('Clip', [build.input('x', ['N', 4])], attributes)),
    })
  }

  itMeansTheSame({
    name: 'float16',
    opset: 7,
    feeds: {x: new OrtTensor('float32', EIGHTHS, [3, 4])},
    to: [13, 21],
    write: (build) => {
      const half = build.op('Cast', [build.input('x', [3, 4])], {to: 10})
      build.output(build.op('Cast', [build.op('Clip', [half], {min: float(0), max: float(0.25)})], {to: 1}))
    },
  })

  it('keeps a missing lower bound missing', async () => {
    const [clip] = await upgradedNodes(
      (build) => build.output(build.op('Clip', [build.input('x', [2])], {max: float(6)})),
      10,
      11,
    )
    expect(clip?.inputs.map((value) => value?.constant?.read())).to.deep.equal([
      undefined,
      undefined,
      Float32Array.of(6),
    ])
  })

  it('refuses, untouched, where the element type is not known', async () => {
    const graph = new Graph()
    const build = new GraphBuilder(graph)
    const strange = build.op('Strange', [build.input('x', [2])], {}, {domain: 'my.own'})
    build.output(build.op('Clip', [strange], {min: float(0)}))
    const run = () => upgradeOpset({from: 9, to: 13}).run(emptyModel(graph, 9).graph)
    expect(run).to.throw('the element type of its input is not known')
    expect(graph.nodes()[1]?.inputs).to.have.length(1)
  })

  it('asks for no type where there are no bounds', async () => {
    const nodes = await upgradedNodes((build) => build.output(build.op('Clip', [build.input('x', [2])])), 7, 26)
    expect(nodes.map(({opType}) => opType)).to.deep.equal(['Clip'])
  })
})
